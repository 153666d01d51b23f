package io.drydock.docker.cli.completion;

import org.jspecify.annotations.Nullable;

/** {@code docker completion SHELL}: scripts that ask {@code docker __complete} for what can follow. */
public final class CompletionScript {
    public static final String HELP = """
            Usage:  docker completion COMMAND

            Generate the autocompletion script for docker for the specified shell.
            See each sub-command's help for details on how to use the generated script.

            Commands:
              bash        Generate the autocompletion script for bash
              fish        Generate the autocompletion script for fish
              powershell  Generate the autocompletion script for powershell
              zsh         Generate the autocompletion script for zsh

            Run 'docker completion COMMAND --help' for more information on a command.
            """;

    private static final String BASH = """
            # Completion of docker for bash: source it, or install it as /etc/bash_completion.d/docker.
            _docker_offers() {
              local word=${COMP_WORDS[COMP_CWORD]} directive line
              local -a before offers=()
              if declare -F _get_comp_words_by_ref >/dev/null; then
                local cur words cword
                _get_comp_words_by_ref -n '=:' cur words cword
                word=$cur
                before=("${words[@]:1:cword-1}")
              else
                before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
              fi
              while IFS= read -r line; do
                case $line in
                  :[0-9]*) directive=${line#:} ;;
                  *) line=${line%%$'\\t'*}
                     [[ $word == --*=* && $line != --* ]] && line=${word%%=*}=$line
                     [[ $line == "$word"* ]] && offers+=("$line") ;;
                esac
              done < <(docker __complete "${before[@]}" "$word" 2>/dev/null)
              COMPREPLY=("${offers[@]}")
              case ${directive:-0} in
                0) [ ${#offers[@]} -gt 0 ] || compopt -o default ;;
                2) compopt -o nospace ;;
                16) compopt -o dirnames ;;
              esac
              if declare -F __ltrim_colon_completions >/dev/null; then
                __ltrim_colon_completions "$word"
              fi
            }
            complete -F _docker_offers docker
            """;

    private static final String ZSH = """
            #compdef docker
            # Completion of docker for zsh: install it as _docker in a directory of $fpath, or source it after compinit.
            _docker() {
              local line directive=0
              local -a offers
              for line in "${(@f)$(docker __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
                case $line in
                  :[0-9]*) directive=${line#:} ;;
                  ?*) offers+=("${${line%%$'\\t'*}//:/\\\\:}${${(M)line:#*$'\\t'*}:+:${line#*$'\\t'}}") ;;
                esac
              done
              case $directive in
                0) (( $#offers )) && _describe -V offer offers || _files ;;
                2) _describe -V offer offers -S '' ;;
                16) _files -/ ;;
                *) (( $#offers )) && _describe -V offer offers ;;
              esac
            }
            compdef _docker docker
            """;

    private static final String FISH = """
            # Completion of docker for fish: install it as ~/.config/fish/completions/docker.fish.
            function __docker_offers
              set -l before (commandline -opc)
              set -l word (commandline -ct)
              set -l answer (docker __complete $before[2..-1] "$word" 2>/dev/null)
              set -l directive $answer[-1]
              if test (count $answer) -gt 1
                printf '%s\\n' $answer[1..-2]
              else if contains -- "$directive" :0
                __fish_complete_path "$word"
              else if contains -- "$directive" :16
                __fish_complete_directories "$word"
              end
            end
            complete -c docker -f -a '(__docker_offers)'
            """;

    private static final String POWERSHELL = """
            # Completion of docker for PowerShell: add `docker completion powershell | Out-String | Invoke-Expression` to $PROFILE.
            Register-ArgumentCompleter -Native -CommandName docker -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
                $before = @($words | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
                if ($wordToComplete -ne '' -and $before.Count -gt 0) {
                    $before = @($before | Select-Object -SkipLast 1)
                }
                # an empty last word is lost to programs before PowerShell 7.3 unless it is quoted
                $last = $wordToComplete
                if ($last -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { $last = '""' }
                $answer = @(& docker __complete @before $last 2>$null)
                $offers = @($answer | Where-Object { $_ -notmatch '^:[0-9]+$' -and $_ -ne '' })
                foreach ($offer in $offers) {
                    $name, $help = $offer -split "`t", 2
                    if ($name -like "$wordToComplete*") {
                        if (-not $help) { $help = $name }
                        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $help)
                    }
                }
            }
            """;

    private CompletionScript() {}

    /** The script, or null for a shell that has none here. */
    public static @Nullable String of(String shell) {
        return switch (shell) {
            case "bash" -> BASH;
            case "fish" -> FISH;
            case "powershell" -> POWERSHELL;
            case "zsh" -> ZSH;
            default -> null;
        };
    }
}

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
              local rest=${COMP_LINE:0:COMP_POINT} blanks breaks cut word line directive i
              local -a words=() offers=()
              # what readline takes apart at = and : is one word here
              for ((i = 0; i <= COMP_CWORD; i++)); do
                blanks=${rest%%[![:space:]]*}
                rest=${rest#"$blanks"}
                word=${COMP_WORDS[i]}
                [[ $rest == "$word"* ]] || word=$rest
                rest=${rest#"$word"}
                if [[ $i -gt 0 && -z $blanks ]]; then
                  words[${#words[@]}-1]+=$word
                else
                  words+=("$word")
                fi
              done
              word=${words[${#words[@]}-1]}
              while IFS= read -r line; do
                case $line in
                  :[0-9]*) directive=${line#:} ;;
                  *) line=${line%%$'\\t'*}
                     [[ $word == --*=* && $line != --* ]] && line=${word%%=*}=$line
                     [[ $line == "$word"* ]] && offers+=("$line") ;;
                esac
              done < <(docker __complete "${words[@]:1:${#words[@]}-2}" "$word" 2>/dev/null)
              breaks=${COMP_WORDBREAKS//[^=:]/}
              [ -z "$breaks" ] || cut=${word%"${word##*[$breaks]}"}
              COMPREPLY=("${offers[@]#"$cut"}")
              case ${directive:-0} in
                0) [ ${#offers[@]} -gt 0 ] || compopt -o default ;;
                2) compopt -o nospace ;;
                16) compopt -o dirnames ;;
              esac
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
              # behind --flag= the offers are what can follow it
              [[ ${words[CURRENT]} != --*=* ]] || compset -P 1 '*='
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
              # behind --flag= the offers are what can follow it
              set -l flag (string match -r -- '^--[^=]*=' "$word")
              if test (count $answer) -gt 1
                printf "$flag%s\\n" $answer[1..-2]
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

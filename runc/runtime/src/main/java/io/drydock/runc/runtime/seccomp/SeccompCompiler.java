package io.drydock.runc.runtime.seccomp;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.spec.oci.runtime.Seccomp;
import io.drydock.spec.oci.runtime.SeccompArgument;
import io.drydock.spec.oci.runtime.SeccompRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes one program of a profile:
 *
 * <pre>
 * architecture? ──▶ newer than every named call? ENOSYS
 *                   binary search over ranges of numbers ──▶ the range's action
 *                                                        └─▶ conditions on arguments, then an action
 * </pre>
 *
 * Neighbouring numbers with the same action are one range, so Docker's profile of 360 calls needs about a hundred.
 */
public final class SeccompCompiler {
    private static final int NR = 0;
    private static final int ARCH = 4;
    private static final int ENOSYS = 38;

    private final int defaultAction;
    private final List<Rule> rules = new ArrayList<>();
    private final Assembler out = new Assembler();

    private record Rule(Set<String> names, int action, List<Condition> conditions) {}

    /** What happens to one number: the first alternative whose conditions hold, else the last action. */
    private record Decision(List<Rule> conditional, int action) {
        /** Of the same rules. Not equals: what a record has first to be generated, which takes a cold JVM 20 ms. */
        boolean is(Decision other) {
            if (action != other.action || conditional.size() != other.conditional.size()) {
                return false;
            }
            for (int i = 0; i < conditional.size(); i++) {
                if (conditional.get(i) != other.conditional.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Range(int from, Decision decision) {}

    private SeccompCompiler(Seccomp profile) throws InvalidSpecException {
        this.defaultAction = Action.of(profile.defaultAction(), profile.defaultErrnoRet());
        if (defaultAction == Action.NOTIFY) {
            throw new InvalidSpecException("SCMP_ACT_NOTIFY cannot be used as default action");
        }
        for (SeccompRule rule : profile.syscalls()) {
            add(rule);
        }
    }

    /** The filter of a profile, for this system's architecture and those the profile names. */
    public static SeccompFilter compile(Seccomp profile) throws InvalidSpecException {
        SeccompCompiler compiler = new SeccompCompiler(profile);
        compiler.emit(architectures(profile));
        try {
            return new SeccompFilter(compiler.out.assemble(), compiler.flags(profile));
        } catch (Assembler.TooLongException e) {
            throw new InvalidSpecException(String.valueOf(e.getMessage()));
        }
    }

    private int flags(Seccomp profile) throws InvalidSpecException {
        boolean notifies = rules.stream().anyMatch(rule -> rule.action() == Action.NOTIFY);
        int flags = notifies ? SeccompFilter.NEW_LISTENER : 0;
        for (String flag : profile.flags()) {
            flags |= switch (flag) {
                case "SECCOMP_FILTER_FLAG_TSYNC" -> 0; // one thread, nothing to synchronise
                case "SECCOMP_FILTER_FLAG_LOG" -> 2;
                case "SECCOMP_FILTER_FLAG_SPEC_ALLOW" -> 4;
                case "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" -> 32;
                default -> throw new InvalidSpecException("seccomp flag \"" + flag + "\" not supported");
            };
        }
        return flags;
    }

    private static Set<Architecture> architectures(Seccomp profile) throws InvalidSpecException {
        Set<Architecture> architectures = EnumSet.of(Architecture.ofSystem());
        for (String word : profile.architectures()) {
            Architecture found = null;
            for (Architecture architecture : Architecture.values()) {
                found = architecture.word.equals(word) ? architecture : found;
            }
            if (found != null) {
                architectures.add(found);
            } else if (!word.startsWith("SCMP_ARCH_")) {
                throw new InvalidSpecException("string " + word + " is not a valid arch for seccomp");
            }
            // another machine's architecture cannot occur here
        }
        return architectures;
    }

    private void add(SeccompRule rule) throws InvalidSpecException {
        int action = Action.of(rule.action(), rule.errnoRet());
        if (action == Action.NOTIFY && rule.names().contains("write")) {
            throw new InvalidSpecException("SCMP_ACT_NOTIFY cannot be used for the write syscall");
        }
        if (action == defaultAction) {
            return;
        }
        Set<String> names = Set.copyOf(new HashSet<>(rule.names()));
        List<Condition> conditions = new ArrayList<>();
        for (SeccompArgument argument : rule.args()) {
            conditions.add(Condition.of(argument));
        }
        long indexes = conditions.stream().map(Condition::index).distinct().count();
        if (indexes == conditions.size()) {
            rules.add(new Rule(names, action, List.copyOf(conditions)));
            return;
        }
        // several comparisons of one argument are alternatives: Docker's old meaning, which profiles rely on
        for (Condition condition : conditions) {
            rules.add(new Rule(names, action, List.of(condition)));
        }
    }

    private void emit(Set<Architecture> architectures) {
        Set<Integer> audits = new LinkedHashSet<>();
        architectures.forEach(architecture -> audits.add(architecture.audit));
        out.load(ARCH);
        for (int audit : audits) {
            Assembler.Label other = new Assembler.Label();
            out.jumpUnless(Assembler.IF_EQUAL, audit, other);
            out.load(NR);
            boolean hasX32 = architectures.contains(Architecture.X32);
            if (audit == Architecture.X86_64.audit) {
                Assembler.Label low = new Assembler.Label();
                out.jumpUnless(Assembler.IF_GREATER_OR_EQUAL, Architecture.X32.bit, low);
                if (hasX32) {
                    table(Architecture.X32);
                } else {
                    out.returns(Action.KILL_THREAD);
                }
                out.here(low);
                table(Architecture.X86_64);
            } else {
                table(audit == Architecture.X86.audit ? Architecture.X86 : Architecture.AARCH64);
            }
            out.here(other);
        }
        out.returns(Action.KILL_THREAD);
    }

    private void table(Architecture architecture) {
        Map<String, Integer> numbers = architecture.numbers();
        TreeMap<Integer, Decision> decisions = new TreeMap<>(Integer::compareUnsigned);
        int newest = architecture.bit;
        for (Rule rule : rules) {
            for (String name : rule.names()) {
                Integer number = numbers.get(name);
                if (number == null) {
                    continue;
                }
                newest = Math.max(newest, number);
                decisions.merge(number, alone(rule), this::both);
            }
        }
        List<Range> ranges = ranges(decisions, architecture.bit, newest);
        search(ranges, 0, ranges.size());
    }

    private Decision alone(Rule rule) {
        return rule.conditions().isEmpty()
                ? new Decision(List.of(), rule.action())
                : new Decision(List.of(rule), defaultAction);
    }

    /** Alternatives add up; the first unconditional action stands. */
    private Decision both(Decision first, Decision second) {
        List<Rule> all = new ArrayList<>(first.conditional());
        all.addAll(second.conditional());
        boolean decided = first.action() != defaultAction; // a rule never has the default action
        return new Decision(List.copyOf(all), decided ? first.action() : second.action());
    }

    private List<Range> ranges(TreeMap<Integer, Decision> decisions, int lowest, int newest) {
        Decision otherwise = new Decision(List.of(), defaultAction);
        List<Range> ranges = new ArrayList<>();
        int next = lowest;
        for (Map.Entry<Integer, Decision> entry : decisions.entrySet()) {
            if (entry.getKey() != next) {
                append(ranges, next, otherwise);
            }
            append(ranges, entry.getKey(), entry.getValue());
            next = entry.getKey() + 1;
        }
        Decision beyond =
                Action.hidesNewSyscalls(defaultAction) ? new Decision(List.of(), Action.ERRNO | ENOSYS) : otherwise;
        append(ranges, Math.max(next, newest + 1), beyond);
        return ranges;
    }

    private static void append(List<Range> ranges, int from, Decision decision) {
        if (ranges.isEmpty() || !ranges.getLast().decision().is(decision)) {
            ranges.add(new Range(from, decision));
        }
    }

    private void search(List<Range> ranges, int low, int high) {
        if (high - low == 1) {
            decide(ranges.get(low).decision());
            return;
        }
        int middle = (low + high) / 2;
        Assembler.Label right = new Assembler.Label();
        out.jumpIf(Assembler.IF_GREATER_OR_EQUAL, ranges.get(middle).from(), right);
        search(ranges, low, middle);
        out.here(right);
        search(ranges, middle, high);
    }

    private void decide(Decision decision) {
        for (Rule rule : decision.conditional()) {
            Assembler.Label next = new Assembler.Label();
            for (Condition condition : rule.conditions()) {
                condition.emit(out, next);
            }
            out.returns(rule.action());
            out.here(next);
        }
        out.returns(decision.action());
    }
}

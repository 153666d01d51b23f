package io.drydock.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Test classes run inside a {@link UserModeLinux}; one line a test tells those outside how it went. */
public final class GuestTests {
    private static final String MARK = "@@ ";

    private GuestTests() {}

    /** How a test went: {@code problem} is a stack trace, empty if it passed, and {@code skipped} says why it did not run. */
    public record Outcome(String name, String skipped, String problem) {}

    /** In the guest; the arguments are names of classes. */
    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(classes).map(name -> selectClass(name)).toList())
                .build();
        LauncherFactory.create().execute(request, new Teller());
        System.exit(0);
    }

    private static final class Teller implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            StringWriter trace = new StringWriter();
            result.getThrowable().ifPresent(problem -> problem.printStackTrace(new PrintWriter(trace)));
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            boolean aborted = result.getStatus() == TestExecutionResult.Status.ABORTED;
            if (test.isTest() || !passed) {
                tell(test, aborted ? "skipped" : passed ? "passed" : "failed", trace.toString());
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            tell(test, "skipped", reason);
        }

        private static synchronized void tell(TestIdentifier test, String how, String why) {
            String name = test.getUniqueId()
                    .replaceAll(".*\\[class:[^]]*\\.([^].]+)]", "$1")
                    .replaceAll("/\\[method:(.*)\\(.*", ".$1");
            System.out.println(
                    MARK + how + ' ' + name + ' ' + why.replace("\\", "\\\\").replace("\n", "\\n"));
            System.out.flush();
        }
    }

    /** Outside: what the guest's tests told. */
    public static List<Outcome> outcomes(String output) {
        return output.lines()
                .filter(line -> line.contains(MARK))
                .map(line -> outcome(
                        line.substring(line.indexOf(MARK) + MARK.length()).split(" ", 3)))
                .toList();
    }

    private static Outcome outcome(String[] words) {
        String why = words[2].replace("\\n", "\n").replace("\\\\", "\\");
        return switch (words[0]) {
            case "passed" -> new Outcome(words[1], "", "");
            case "skipped" -> new Outcome(words[1], why.isEmpty() ? "skipped" : why, "");
            default -> new Outcome(words[1], "", why.isEmpty() ? "failed" : why);
        };
    }
}

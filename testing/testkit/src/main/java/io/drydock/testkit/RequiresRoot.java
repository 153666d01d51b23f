package io.drydock.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that needs to be root (mounts, namespaces, cgroups). As an ordinary user it is skipped, and counted as such. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("root")
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

    /** Enables a test for user id 0 only. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return "root".equals(System.getProperty("user.name"))
                    ? ConditionEvaluationResult.enabled("runs as root")
                    : ConditionEvaluationResult.disabled("needs root");
        }
    }
}

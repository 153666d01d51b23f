package io.drydock.archtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows of ARCHITECTURE.md as a table: a module may use what stands behind it, itself, and nothing else of ours. */
class LayeringTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.drydock");

    private static final Map<String, List<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            module("linux"),
            module("flags"),
            module("random"),
            module("startup"),
            module("log"),
            module("rpc", "linux"),
            module("http"),
            module("spec.oci"),
            module("spec.engine"),
            module("spec.containerd"),
            module("runc.cgroups", "linux", "spec.oci"),
            module("runc.runtime", "linux", "spec.oci", "runc.cgroups"),
            module("runc.cli", "linux", "flags", "spec.oci", "runc.cgroups", "runc.runtime"),
            module("image.remote", "spec.oci"),
            module("image.archive", "linux", "spec.oci"),
            module("registry.storage", "spec.oci"),
            module("registry.s3", "registry.storage"),
            module(
                    "registry.server",
                    "http",
                    "flags",
                    "log",
                    "spec.oci",
                    "image.remote",
                    "image.archive",
                    "registry.storage"),
            module("containerd.core", "spec.oci", "spec.containerd"),
            module("containerd.client", "rpc", "spec.oci", "spec.containerd"),
            module("containerd.stores", "linux", "spec.oci", "spec.containerd", "image.archive", "containerd.core"),
            module(
                    "containerd.shim",
                    "linux",
                    "rpc",
                    "flags",
                    "startup",
                    "spec.oci",
                    "spec.containerd",
                    "runc.cgroups",
                    "runc.runtime"),
            module(
                    "containerd.server",
                    "linux",
                    "rpc",
                    "http",
                    "flags",
                    "startup",
                    "log",
                    "spec.oci",
                    "spec.containerd",
                    "image.remote",
                    "image.archive",
                    "containerd.core",
                    "containerd.stores"),
            module("docker.engine.log", "linux", "flags", "spec.engine"),
            module("docker.engine.plugin"),
            module("docker.engine.network", "linux", "docker.proxy", "docker.engine.plugin"),
            module(
                    "docker.engine.image",
                    "linux",
                    "flags",
                    "spec.oci",
                    "spec.engine",
                    "spec.containerd",
                    "image.archive",
                    "image.remote",
                    "containerd.client"),
            module(
                    "docker.engine.container",
                    "linux",
                    "spec.oci",
                    "spec.engine",
                    "spec.containerd",
                    "image.archive",
                    "containerd.client",
                    "docker.engine.image",
                    "docker.engine.network",
                    "docker.engine.log",
                    "docker.engine.plugin"),
            module("docker.api", "http", "spec.engine"),
            module("docker.proxy", "linux", "flags"),
            module(
                    "docker.dockerd",
                    "linux",
                    "flags",
                    "startup",
                    "log",
                    "http",
                    "spec.oci",
                    "spec.engine",
                    "spec.containerd",
                    "containerd.client",
                    "docker.api",
                    "docker.engine.container",
                    "docker.engine.image",
                    "docker.engine.network",
                    "docker.engine.log",
                    "docker.engine.plugin"),
            module("docker.cli", "flags", "linux", "image.archive")));

    private static Map.Entry<String, List<String>> module(String name, String... uses) {
        return Map.entry(name, List.of(uses));
    }

    @TestFactory
    Stream<DynamicTest> modulesUseOnlyWhatTheTableAllows() {
        return ARROWS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    var forbidden = new ArrayList<String>();
                    for (var other : ARROWS.keySet()) {
                        if (!other.equals(entry.getKey()) && !entry.getValue().contains(other)) {
                            forbidden.add("io.drydock." + other + "..");
                        }
                    }
                    noClasses()
                            .that()
                            .resideInAPackage("io.drydock." + entry.getKey() + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden.toArray(String[]::new))
                            .allowEmptyShould(true)
                            .check(CLASSES);
                }));
    }

    @Test
    void everyClassBelongsToAModuleOfTheTable() {
        var strangers = CLASSES.stream()
                .map(c -> c.getPackageName())
                .filter(p -> ARROWS.keySet().stream()
                        .noneMatch(m -> p.equals("io.drydock." + m) || p.startsWith("io.drydock." + m + ".")))
                .distinct()
                .filter(p -> !p.startsWith("io.drydock.testkit"))
                .toList();
        Assertions.assertThat(strangers).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> packagesOfAModuleHaveNoCycles() {
        return ARROWS.keySet().stream()
                .filter(name -> !name.equals("spec.containerd")) // generated from the protocol's own packages
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> slices().matching("io.drydock." + name + ".(**)")
                                .should()
                                .beFreeOfCycles()
                                .allowEmptyShould(true)
                                .check(CLASSES)));
    }

    /** The foreign-function interface stays in one module, where every call is typed and tested. */
    @Test
    void onlyTheLinuxModuleCallsForeignFunctions() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.drydock.linux..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    /** A name like these says nothing about what is inside, so that everything ends up there. */
    @Test
    void noPackageIsADrawerForEverything() {
        classes()
                .should()
                .resideOutsideOfPackages(
                        "..common..", "..util..", "..utils..", "..helper..", "..helpers..", "..model..", "..misc..")
                .check(CLASSES);
    }

    /** The client and runc start for each command: reflection-heavy libraries would cost more than the command. */
    @Test
    void commandLinesStayLight() {
        noClasses()
                .that()
                .resideInAnyPackage("io.drydock.docker.cli..", "io.drydock.runc.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "io.netty..", "java.util.regex..", "java.net.http..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }
}

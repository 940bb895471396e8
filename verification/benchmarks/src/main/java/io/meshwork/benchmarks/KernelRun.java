package io.meshwork.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.openjdk.jmh.generators.bytecode.JmhBytecodeGenerator;

/**
 * Runs {@link KernelBenchmark} with JMH: generates the code that JMH needs, compiles it into a
 * temporary folder, and starts JMH with the arguments, such as a pattern of names, {@code -f}, or
 * {@code -prof}.
 */
public final class KernelRun {
  private KernelRun() {}

  /** Arguments: those of JMH. */
  public static void main(String[] arguments) throws Exception {
    int code;
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      code = run(folder.path(), arguments);
    }
    System.exit(code);
  }

  private static int run(Path folder, String[] arguments) throws Exception {
    Path kernels = folder.resolve("kernels/io/meshwork/benchmarks");
    Path sources = folder.resolve("sources");
    Path classes = folder.resolve("classes");
    Path here =
        Path.of(KernelRun.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("io/meshwork/benchmarks");
    Files.createDirectories(kernels);
    Files.createDirectories(classes);
    try (Stream<Path> compiled = Files.list(here)) {
      for (Path each : compiled.filter(KernelRun::isKernel).toList()) {
        Files.copy(each, kernels.resolve(each.getFileName()));
      }
    }
    JmhBytecodeGenerator.main(
        new String[] {
          folder.resolve("kernels").toString(), sources.toString(), classes.toString(), "reflection"
        });
    compile(sources, classes);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(classes + File.pathSeparator + System.getProperty("java.class.path"));
    command.add("org.openjdk.jmh.Main");
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static boolean isKernel(Path compiled) {
    return compiled.getFileName().toString().startsWith("KernelBenchmark");
  }

  private static void compile(Path sources, Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw BenchmarkSize.refused("kernels needs a JDK; this Java has no compiler");
    }
    List<String> options =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()));
    try (Stream<Path> all = Files.walk(sources)) {
      all.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(options::add);
    }
    int code = compiler.run(null, System.err, System.err, options.toArray(String[]::new));
    if (code != 0) {
      throw new IllegalStateException("the code that JMH generated does not compile");
    }
  }
}

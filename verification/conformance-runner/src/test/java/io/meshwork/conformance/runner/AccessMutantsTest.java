package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Injects one fault at a time into the evaluator. The golden cases, the naive evaluator, or the
 * tests of explanations and listings find each fault.
 */
@Tag("nightly")
class AccessMutantsTest {
  private static final int PAIRS = 6_000;
  private static final Path CORE = Path.of("..", "..", "mesh-core", "src");
  private static final Path PACKAGE =
      Path.of("java", "io", "meshwork", "internal", "lakeformation");
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  @TempDir private Path folder;

  private record Mutant(String file, String there, String instead) {
    String put(String source) {
      int at = source.indexOf(there);
      assertThat(at).as("%s has '%s'", file, there).isNotNegative();
      assertThat(source.indexOf(there, at + 1)).as("%s has '%s' once", file, there).isNegative();
      return source.substring(0, at) + instead + source.substring(at + there.length());
    }
  }

  @Test
  void everyFaultInTheEvaluatorIsFound() throws Exception {
    Path sound = compile("sound", sources());
    assertThat(finder(sound, sound)).as("the check that fails without a fault").isEmpty();

    List<String> survivors = new ArrayList<>();
    int found = 0;
    for (Mutant mutant : mutants()) {
      Path source = CORE.resolve("main").resolve(PACKAGE).resolve(mutant.file() + ".java");
      Path changed = folder.resolve("m" + found + "-" + survivors.size());
      Path file = Files.createDirectories(changed).resolve(mutant.file() + ".java");
      Files.writeString(file, mutant.put(inOneLine(source)));
      Path classes = compile(changed.getFileName() + "-classes", List.of(file), sound);
      String finder = finder(classes, sound);
      System.out.println((finder.isEmpty() ? "SURVIVED" : finder) + ": " + mutant);
      if (finder.isEmpty()) {
        survivors.add(mutant.toString());
      } else {
        found++;
      }
    }

    assertThat(survivors).isEmpty();
    assertThat(found).isGreaterThanOrEqualTo(30);
  }

  private static String inOneLine(Path source) throws IOException {
    return Files.readString(source).replaceAll("(?m)^\\s*//.*$", "").replaceAll("\\s+", " ");
  }

  private static List<Mutant> mutants() throws IOException, URISyntaxException {
    List<Mutant> mutants = new ArrayList<>();
    for (String line : Files.readAllLines(resource("mutants.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.replace("\\|", "\0").split(" \\| ", -1);
        assertThat(parts).as(line).hasSize(3);
        mutants.add(new Mutant(parts[0], bars(parts[1]), bars(parts[2])));
      }
    }
    return mutants;
  }

  private static String bars(String text) {
    return text.replace('\0', '|');
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(AccessMutantsTest.class.getResource("access/" + name)).toURI());
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String part : List.of("main", "test")) {
      try (Stream<Path> files = Files.list(CORE.resolve(part).resolve(PACKAGE))) {
        files.filter(file -> !file.endsWith("package-info.java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private Path compile(String name, List<Path> sources, Path... before) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(name));
    StringBuilder classPath = new StringBuilder();
    for (Path one : before) {
      classPath.append(one).append(File.pathSeparator);
    }
    classPath.append(System.getProperty("java.class.path"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-nowarn",
                "-proc:none",
                "-parameters",
                "-d",
                classes.toString(),
                "-cp",
                classPath.toString()));
    sources.forEach(source -> arguments.add(source.toString()));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int code =
        COMPILER.run(
            InputStream.nullInputStream(), messages, messages, arguments.toArray(String[]::new));
    assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }

  /** Returns the check that finds a fault in the classes; empty if there is none. */
  private static String finder(Path changed, Path sound) throws Exception {
    ClassLoader loader = new MutantLoader(List.of(changed, sound));
    if (!golden(loader)) {
      return "golden cases";
    } else if (fails(loader, "TwoEvaluatorsTest", "compare", 31L, PAIRS)) {
      return "naive evaluator";
    }
    for (String test :
        List.of(
            "onePassFindsWhatAskingForEachTableFinds",
            "aCatalogShowsWhatMayBeDescribed",
            "throughALinkOneSeesWhatOneSeesInItsTarget")) {
      if (fails(loader, "CatalogListingAgreeTest", test)) {
        return "listings";
      }
    }
    for (String test :
        List.of(
            "whereNothingIsGrantedTheOwnersAdministratorAndTheCreatorCanGrantIt",
            "aGrantThatCannotStandBesideAListOfColumnsTakesTheListAway",
            "theChangeAllowsItWithNothingTooMuchAndSomebodyCouldMakeIt")) {
      if (fails(loader, "ExplanationTest", test)) {
        return "explanations";
      }
    }
    return tests(loader);
  }

  private static String tests(ClassLoader loader) throws Exception {
    for (String test :
        List.of(
            "GrantRulesTest",
            "AccountDelegationTest",
            "DataPathTest",
            "TagPolicyTest",
            "RowConditionsTest")) {
      Class<?> type = Class.forName("io.meshwork.internal.lakeformation." + test, true, loader);
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class) && fails(loader, test, method.getName())) {
          return test;
        }
      }
    }
    return "";
  }

  private static boolean golden(ClassLoader loader) throws Exception {
    Class<?> command =
        Class.forName("io.meshwork.conformance.runner.ConformanceCommand", true, loader);
    Method run =
        command.getDeclaredMethod("run", String[].class, PrintStream.class, PrintStream.class);
    run.setAccessible(true);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, "UTF-8");
    for (String cases : List.of("lf-cases.json", "more-cases.jsonl")) {
      String[] arguments = {"access", resource(cases).toString()};
      if (!run.invoke(null, arguments, nowhere, nowhere).equals(0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fails(ClassLoader loader, String test, String name, Object... arguments)
      throws Exception {
    Class<?> type = Class.forName("io.meshwork.internal.lakeformation." + test, true, loader);
    Class<?>[] types =
        arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {long.class, int.class};
    Method method = type.getDeclaredMethod(name, types);
    method.setAccessible(true);
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    try {
      method.invoke(constructor.newInstance(), arguments);
      return false;
    } catch (InvocationTargetException found) {
      return true;
    }
  }

  /**
   * Loads the package and its checks from the first folder that contains them, and all other
   * classes from the parent.
   */
  private static final class MutantLoader extends ClassLoader {
    private final List<Path> folders;

    MutantLoader(List<Path> folders) {
      super(AccessMutantsTest.class.getClassLoader());
      this.folders = folders;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) {
          return known;
        } else if (!name.startsWith("io.meshwork.internal.lakeformation.")
            && !name.startsWith("io.meshwork.conformance.runner.")) {
          return super.loadClass(name, resolve);
        }
        byte[] bytes = bytes(name.replace('.', '/') + ".class");
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    private byte[] bytes(String path) throws ClassNotFoundException {
      try {
        for (Path folder : folders) {
          if (Files.exists(folder.resolve(path))) {
            return Files.readAllBytes(folder.resolve(path));
          }
        }
        try (InputStream stream = getParent().getResourceAsStream(path)) {
          if (stream == null) {
            throw new ClassNotFoundException(path);
          }
          return stream.readAllBytes();
        }
      } catch (IOException e) {
        throw new ClassNotFoundException(path, e);
      }
    }
  }
}

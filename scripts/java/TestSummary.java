import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints from Surefire's reports which tests took longest, which were skipped and why, which failed
 * and then passed, and the counts.
 */
final class TestSummary {
  private enum Outcome {
    PASSED,
    FLAKY,
    FAILED,
    SKIPPED
  }

  /** The modules whose tests need AWS or its emulator. */
  private static final List<String> AWS_MODULES =
      List.of("mesh-aws-testkit", "mesh-aws", "mesh-aws-mirrors", "mesh-aws-operations");

  private record Test(String name, double seconds, Outcome outcome, String reason) {}

  public static void main(String[] arguments) throws IOException, XMLStreamException {
    List<Test> tests = new ArrayList<>();
    for (Path report : reportsBelow(Path.of(arguments[0]))) {
      readReport(report, tests);
    }
    System.out.println();
    System.out.println("The ten longest tests:");
    tests.stream()
        .sorted(Comparator.comparingDouble(Test::seconds).reversed())
        .limit(10)
        .forEach(
            test ->
                System.out.printf(Locale.ROOT, "%9.3f s  %s%n", test.seconds(), test.name()));
    for (Test test : tests) {
      if (test.outcome() == Outcome.SKIPPED) {
        System.out.println("SKIPPED " + test.name() + ": " + test.reason());
      }
    }
    for (Test test : tests) {
      if (test.outcome() == Outcome.FLAKY) {
        System.out.println(
            "FLAKY " + test.name() + " failed and passed when it was repeated: " + test.reason());
      }
    }
    for (Test test : tests) {
      if (test.outcome() == Outcome.FAILED) {
        System.out.println("FAILED " + test.name() + ": " + test.reason());
      }
    }
    boolean skipsAreExplained = printAwsTests(Path.of(arguments[0]));
    long failed = count(tests, Outcome.FAILED);
    System.out.printf(
        Locale.ROOT,
        "%d passed, %d failed, %d skipped%n",
        count(tests, Outcome.PASSED) + count(tests, Outcome.FLAKY),
        failed,
        count(tests, Outcome.SKIPPED));
    if (failed > 0 || tests.isEmpty() || !skipsAreExplained) {
      System.exit(1);
    }
  }

  /**
   * Prints the counts of the tests on AWS, of a build that ran them. Returns false if one was
   * skipped although it needs neither live AWS nor Docker, and the emulator has all that it needs.
   */
  private static boolean printAwsTests(Path root) throws IOException, XMLStreamException {
    List<Test> tests = new ArrayList<>();
    for (String module : AWS_MODULES) {
      for (Path report : reportsIn(root.resolve(module).resolve("target/surefire-reports"))) {
        readReport(report, tests);
      }
    }
    if (tests.isEmpty()) {
      return true;
    }
    List<Test> unexplained =
        tests.stream()
            .filter(test -> test.outcome() == Outcome.SKIPPED)
            .filter(test -> !test.reason().matches(".*(live AWS|Docker|emulator).*"))
            .toList();
    for (Test test : unexplained) {
      System.out.println(
          "NOT EXPLAINED: the reason of the skipped test "
              + test.name()
              + " names neither live AWS, nor Docker, nor what the emulator lacks");
    }
    long skipped = count(tests, Outcome.SKIPPED);
    System.out.printf(
        Locale.ROOT, "AWS SUITE: %d run, %d skipped%n", tests.size() - skipped, skipped);
    return unexplained.isEmpty();
  }

  private static List<Path> reportsBelow(Path root) throws IOException {
    List<Path> reports = new ArrayList<>();
    for (Path module : modulesBelow(root)) {
      reports.addAll(reportsIn(module.resolve("target/surefire-reports")));
    }
    return reports;
  }

  private static List<Path> reportsIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .sorted()
          .toList();
    }
  }

  /** The modules at the top and those in a folder of modules. */
  private static List<Path> modulesBelow(Path root) throws IOException {
    try (Stream<Path> folders = Files.find(root, 2, (path, attributes) -> attributes.isDirectory())) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
          .sorted()
          .toList();
    }
  }

  private static void readReport(Path report, List<Test> tests)
      throws IOException, XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = Files.newInputStream(report)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      String name = "";
      double seconds = 0;
      Outcome outcome = Outcome.PASSED;
      String reason = "";
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testcase" -> {
              name = attribute(xml, "classname") + "." + attribute(xml, "name");
              seconds = Double.parseDouble(attribute(xml, "time").replace(",", ""));
              outcome = Outcome.PASSED;
              reason = "";
            }
            case "flakyFailure", "flakyError" -> {
              outcome = Outcome.FLAKY;
              reason = reason(xml);
            }
            case "failure", "error" -> {
              outcome = Outcome.FAILED;
              reason = reason(xml);
            }
            case "skipped" -> {
              outcome = Outcome.SKIPPED;
              reason = reason(xml);
            }
            default -> {}
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          tests.add(new Test(name, seconds, outcome, reason));
        }
      }
    }
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? (name.equals("time") ? "0" : "") : value;
  }

  /** The message of a failure or skip: an attribute, or else the first line of the stack trace. */
  private static String reason(XMLStreamReader xml) throws XMLStreamException {
    String message = attribute(xml, "message");
    String text = message.isBlank() ? xml.getElementText() : message;
    String line = text.strip().lines().findFirst().orElse("");
    line = line.replaceFirst("^(org[.]opentest4j[.]\\w+: )?(Assumption failed: )?", "");
    return line.isEmpty() ? "no reason was given" : line;
  }

  private static long count(List<Test> tests, Outcome outcome) {
    return tests.stream().filter(test -> test.outcome() == outcome).count();
  }
}

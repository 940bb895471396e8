import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes docs/findings.md, the codes of findings by area, as FindingCode has them, and
 * docs/access-findings.md, those of access and the codes of denied access, as AccessDecision has
 * them. With --check it writes nothing and fails if a page is not what it would write. Fails also
 * for a code that the sources never use. Run from the repository's root.
 */
final class FindingPage {
  private static final Path PAGE = Path.of("docs/findings.md");
  private static final Path ACCESS_PAGE = Path.of("docs/access-findings.md");
  private static final String ACCESS = "ACCESS";
  private static final Path SOURCES = Path.of("mesh-core/src/main/java/io/meshwork");
  private static final Path SOURCES_ON_AWS = Path.of("mesh-aws/src/main/java/io/meshwork");
  private static final Path SOURCES_OF_MIRRORS =
      Path.of("mesh-aws-mirrors/src/main/java/io/meshwork");
  private static final Path SOURCES_OF_OPERATIONS =
      Path.of("extensions/mesh-aws-operations/src/main/java/io/meshwork");
  private static final Path SOURCES_OF_ODCS = Path.of("extensions/mesh-odcs/src/main/java");
  private static final Path FINDINGS = SOURCES.resolve("error/FindingCode.java");
  private static final Path DENIALS =
      SOURCES.resolve("internal/lakeformation/evaluation/AccessDecision.java");
  private static final String TEXT = "\"([^\"]+(?:\"\\s*\\+\\s*\"[^\"]+)*)\"";
  private static final Pattern FINDING =
      Pattern.compile(
          "^  ([A-Z][A-Z0-9_]*)\\(\\s*Area\\.([A-Z_]+),\\s*" + TEXT + "\\)", Pattern.MULTILINE);
  private static final Pattern AREA =
      Pattern.compile("^    ([A-Z_]+)\\(\\s*" + TEXT + "\\)", Pattern.MULTILINE);
  private static final Pattern DENIAL =
      Pattern.compile("^    ([A-Z][A-Z0-9_]*)\\(\\s*" + TEXT + "\\)", Pattern.MULTILINE);

  private record Code(String name, String area, String meaning) {}

  public static void main(String[] arguments) throws IOException {
    List<Code> codes = codes();
    rejectUnused("FindingCode", codes.stream().map(Code::name).toList());
    boolean check = arguments.length > 0;
    if (check && !arguments[0].equals("--check")) {
      System.err.println("Usage: FindingPage [--check]");
      System.exit(2);
    }
    write(PAGE, page(codes), check);
    write(ACCESS_PAGE, accessPage(codes), check);
  }

  private static void write(Path path, String page, boolean check) throws IOException {
    if (!check) {
      Files.writeString(path, page);
      System.out.println("Wrote " + path + ".");
    } else if (!Files.exists(path) || !Files.readString(path).equals(page)) {
      System.err.println(
          path
              + ": is not what the sources say; run scripts/java-source FindingPage and commit it");
      System.exit(1);
    }
  }

  private static String page(List<Code> codes) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
# Findings

<!-- Written by scripts/java/FindingPage.java from the sources. Do not edit. -->

A plan, a quality report, a diagnosis, and most exceptions list findings. A finding names a place,
what was found there, and a fix. Its `code()` is a constant of `FindingCode`, whose meaning never
changes. Its severity depends on the case: an `ERROR` prevents the operation, a `WARNING` needs
attention, a `NOTE` is information. A newer release may add codes. Codes of exceptions are in
[Errors](errors.md), findings of grants, tags, and denied access in
[Access findings](access-findings.md).
""");
    areas()
        .forEach(
            (area, title) -> {
              if (!area.equals(ACCESS)) {
                page.append("\n## ").append(title).append("\n\n");
                rows(page, codes, area);
              }
            });
    return page.toString();
  }

  private static String accessPage(List<Code> codes) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
# Access findings

<!-- Written by scripts/java/FindingPage.java from the sources. Do not edit. -->

See [Findings](findings.md) for all others.

""");
    page.append("## ").append(areas().get(ACCESS)).append("\n\n");
    rows(page, codes, ACCESS);
    page.append(
        """

## Denied access

`access().explain(..)` lists what is missing for access. Each text starts with a code, followed by its
meaning for the principal. `COLUMN` is followed by a colon and the column. These codes are texts, not
constants of `FindingCode`. `LINK_MISSING` is the name of an [error](errors.md).

""");
    denials().forEach((name, meaning) -> row(page, name, sentence(meaning)));
    return page.toString();
  }

  private static void rows(StringBuilder page, List<Code> codes, String area) {
    codes.stream()
        .filter(code -> code.area().equals(area))
        .forEach(code -> row(page, code.name(), code.meaning()));
  }

  private static void row(StringBuilder page, String name, String meaning) {
    int width = 0;
    for (String word : "- `%s`: %s".formatted(name, meaning).split(" ")) {
      if (width + word.length() + 1 > 120) {
        page.append("\n ");
        width = 1;
      }
      page.append(width == 0 ? "" : " ").append(word);
      width += word.length() + 1;
    }
    page.append("\n");
  }

  private static String sentence(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
  }

  private static List<Code> codes() throws IOException {
    List<Code> codes = new ArrayList<>();
    String source = Files.readString(FINDINGS);
    Matcher code = FINDING.matcher(source);
    while (code.find()) {
      codes.add(new Code(code.group(1), code.group(2), joined(code.group(3))));
    }
    long declared = Pattern.compile("\\bArea\\.[A-Z_]+,").matcher(source).results().count();
    if (codes.size() != declared) {
      throw new IllegalStateException(
          FINDINGS + " declares " + declared + " codes, and " + codes.size() + " were read");
    }
    return codes;
  }

  /** The titles of the areas, in the order of their declaration. */
  private static Map<String, String> areas() throws IOException {
    String source = Files.readString(FINDINGS);
    return named(AREA, source.substring(source.indexOf("enum Area")));
  }

  private static Map<String, String> denials() throws IOException {
    String source = Files.readString(DENIALS);
    int start = source.indexOf("enum DenialCode");
    Map<String, String> denials =
        named(DENIAL, source.substring(start, source.indexOf(';', start)));
    rejectUnused("DenialCode", List.copyOf(denials.keySet()));
    return denials;
  }

  private static Map<String, String> named(Pattern pattern, String source) {
    Map<String, String> texts = new LinkedHashMap<>();
    Matcher constant = pattern.matcher(source);
    while (constant.find()) {
      texts.put(constant.group(1), joined(constant.group(2)));
    }
    if (texts.isEmpty()) {
      throw new IllegalStateException("no constant was read with " + pattern);
    }
    return texts;
  }

  private static String joined(String literals) {
    return literals.replaceAll("\"\\s*\\+\\s*\"", "");
  }

  /** Fails for constants that no source uses, so that the page lists only what users can see. */
  private static void rejectUnused(String type, List<String> names) throws IOException {
    List<String> unused = new ArrayList<>(names);
    Pattern use = Pattern.compile("\\b" + type + "\\s*\\.\\s*([A-Z][A-Z0-9_]*)");
    for (Path sources :
        List.of(
            SOURCES,
            SOURCES_ON_AWS,
            SOURCES_OF_MIRRORS,
            SOURCES_OF_OPERATIONS,
            SOURCES_OF_ODCS)) {
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          use.matcher(Files.readString(file))
              .results()
              .forEach(found -> unused.remove(found.group(1)));
        }
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalStateException(type + " declares codes that no source uses: " + unused);
    }
  }
}

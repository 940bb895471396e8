import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes docs/errors.md: the codes as ErrorCode has them, the exceptions that the sources throw them
 * in, and what to do. With --check it writes nothing and fails if the page is not what it would
 * write. Run from the repository's root.
 */
final class ErrorPage {
  private static final Path PAGE = Path.of("docs/errors.md");
  private static final Path ERRORS = Path.of("mesh-core/src/main/java/io/meshwork/error");
  private static final Pattern CODE =
      Pattern.compile("^  ([A-Z_]+)\\(\\s*\"(MESH-\\d{4})\",\\s*\"([^\"]+)\"\\)", Pattern.MULTILINE);
  private static final Pattern THROWN =
      Pattern.compile(
          "(?:new\\s+(\\w+Exception)|BackendException\\s*\\.\\s*(passing|lasting))"
              + "\\s*\\(\\s*ErrorCode\\s*\\.\\s*([A-Z_]+)");
  private static final Pattern JAVADOC =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*public (?:abstract )?(?:sealed |final )?class", Pattern.DOTALL);

  /** In the order of what the caller does next. */
  private static final List<String> FAMILY =
      List.of(
          "InvalidRequestException",
          "ContractViolationException",
          "ConflictException",
          "OutcomeUnknownException",
          "AccessDeniedException",
          "NotFoundException",
          "AlreadyExistsException",
          "BackendException");

  /** What to do about a code, where there is more to say than its exception says. */
  private static final Map<String, String> NEXT =
      Map.ofEntries(
          Map.entry("INVALID_ARGUMENT", "Mend the argument that the message names."),
          Map.entry(
              "NAME_INVALID",
              "Lower-case letters, digits, single hyphens or underscores between; at most 63."),
          Map.entry("CLOSED", "Keep the mesh, and what it handed out, open until the last row is read."),
          Map.entry("CONCURRENT_USE", "Give each thread an operation of its own."),
          Map.entry("SCHEMA_UNSUPPORTED", "`findings()` names each column and why; change them."),
          Map.entry("CONTRACT_INVALID", "Complete it; `findings()` names each rule or key column that does not fit, and why."),
          Map.entry("RULE_INVALID", "Say the rule as its kind is said; the message names what does not."),
          Map.entry("LIMIT_EXCEEDED", "Do it in parts, partition more coarsely, or promise fewer columns."),
          Map.entry("CONFIG_INVALID", "Mend the setting, or choose another folder or store."),
          Map.entry("DOMAIN_MISSING", "Register the domain first."),
          Map.entry("SOURCE_UNREADABLE", "Give a file that exists and may be read."),
          Map.entry("UNSAFE_PATH", "Restore the registry, or the table's properties."),
          Map.entry("READER_INVALID", "Change the type to read into, or choose other columns."),
          Map.entry("FILTER_INVALID", "Write the filter by the rule that the message names."),
          Map.entry("EMPTY_REPLACE", "Look why the source is empty, or say `allowingEmpty()`."),
          Map.entry(
              "CHANGE_INCOMPATIBLE",
              "`findings()` names each change and what to do instead; a breaking one needs a product of another name."),
          Map.entry("CONTRACT_VIOLATED", "Mend the rows; `findings()` says which rule and how often."),
          Map.entry("SCHEMA_MISMATCH", "Give the columns that the contract names, in their types."),
          Map.entry("FILE_MALFORMED", "Write the file again; a copy may have been cut off."),
          Map.entry("CONFLICT", "Commit again, under the same key; after a replace, look at `history(..)` first. A plan that is stale: look at a new one."),
          Map.entry("OUTCOME_UNKNOWN", "Run the same call again with the same key."),
          Map.entry(
              "STATE_CONFLICT",
              "Do what the message says instead; run it again with the same key where it says so."),
          Map.entry("ACCESS_DENIED", "Ask for what `missing()` names, with `requestAccess(..)`; `whoCanGrant()` says whom."),
          Map.entry("NOT_OWNER", "Act as a principal of the owning domain."),
          Map.entry("LINK_MISSING", "Link the product with `linkResource(..)`; the right to it is there."),
          Map.entry("NOT_FOUND", "Correct the name; `nearest()` may have it."),
          Map.entry("ALREADY_EXISTS", "Say it as it exists, or choose another name."),
          Map.entry("KEY_REUSED", "Give the other request a key of its own."),
          Map.entry("BACKEND_FAILED", "Retry when `retryable()`; else mend what the message names."),
          Map.entry("SOURCE_FAILED", "Mend the source, then run it again with the same key."),
          Map.entry("INTERRUPTED", "Run it again with the same key if it is still wanted."),
          Map.entry("REGISTRY_VERSION", "Use a newer version of Meshwork."),
          Map.entry("REGISTRY_CORRUPT", "Restore the registry's file from a backup."),
          Map.entry("DATA_DAMAGED", "Restore the file from a backup; `doctor()` lists the missing."),
          Map.entry("DEADLINE_PASSED", "Run it again with the same key, or allow more time."),
          Map.entry("STORAGE_UNWRITABLE", "Make room, or mend the rights of the folder."));

  private record Code(String name, String text, String meaning) {}

  public static void main(String[] arguments) throws IOException {
    String page = new ErrorPage().page();
    if (arguments.length == 0) {
      Files.writeString(PAGE, page);
      System.out.println("Wrote " + PAGE + ".");
    } else if (!arguments[0].equals("--check")) {
      System.err.println("Usage: ErrorPage [--check]");
      System.exit(2);
    } else if (!Files.exists(PAGE) || !Files.readString(PAGE).equals(page)) {
      System.err.println(
          PAGE + ": is not what the sources say; run scripts/java-source ErrorPage and commit it");
      System.exit(1);
    }
  }

  private String page() throws IOException {
    Map<String, Map<String, Set<String>>> thrown = thrown();
    List<Code> codes = codes();
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Errors

        <!-- Written by scripts/java/ErrorPage.java from the sources. Do not edit. -->

        Everything that Meshwork throws is a `MeshException` of one of the kinds below, cut by what you do
        next. `code()` gives the stable code for runbooks and alerts, and the message ends with it; a code
        never changes its meaning. `retryable()` is true if the same call may succeed later without any
        change of yours. A message says what was tried, on what, why, how things stand now and what to do;
        it never shows what stood in a field.
        """);
    for (String exception : FAMILY) {
      Map<String, Set<String>> ways = thrown.getOrDefault(exception, Map.of());
      page.append("\n## ").append(exception).append("\n\n").append(about(exception)).append('\n');
      if (!ways.isEmpty()) {
        page.append("\n| Code | Name | Meaning | What to do | Retry? |\n|---|---|---|---|---|\n");
        for (Code code : codes) {
          if (ways.containsKey(code.name())) {
            row(page, code, retry(exception, ways.get(code.name())));
          }
        }
      }
    }
    Set<String> used = new TreeSet<>();
    thrown.values().forEach(ways -> used.addAll(ways.keySet()));
    List<Code> unused = codes.stream().filter(code -> !used.contains(code.name())).toList();
    if (!unused.isEmpty()) {
      page.append("\n## Not thrown by this release\n\n| Code | Name | Meaning |\n|---|---|---|\n");
      for (Code code : unused) {
        page.append("| %s | `%s` | %s |\n".formatted(code.text(), code.name(), code.meaning()));
      }
    }
    return page.toString();
  }

  private static void row(StringBuilder page, Code code, String retry) {
    String next = NEXT.getOrDefault(code.name(), "See above.");
    page.append(
        "| %s | `%s` | %s | %s | %s |\n"
            .formatted(code.text(), code.name(), code.meaning(), next, retry));
  }

  private static String retry(String exception, Set<String> ways) {
    return switch (exception) {
      case "BackendException" ->
          ways.size() > 1 ? "if `retryable()`" : ways.contains("passing") ? "yes" : "no";
      case "ConflictException" -> "if `retryable()`";
      case "OutcomeUnknownException" -> "with the same key";
      default -> "no";
    };
  }

  private static List<Code> codes() throws IOException {
    List<Code> codes = new ArrayList<>();
    Matcher code = CODE.matcher(Files.readString(ERRORS.resolve("ErrorCode.java")));
    while (code.find()) {
      codes.add(new Code(code.group(1), code.group(2), code.group(3)));
    }
    return codes;
  }

  /** By exception, the codes that some source throws it with, and how. */
  private static Map<String, Map<String, Set<String>>> thrown() throws IOException {
    Map<String, Map<String, Set<String>>> thrown = new LinkedHashMap<>();
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path module : modules.filter(m -> m.toString().startsWith("mesh-")).sorted().toList()) {
        if (Files.isDirectory(module.resolve("src/main/java"))) {
          try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    for (Path source : sources) {
      Matcher match = THROWN.matcher(Files.readString(source));
      while (match.find()) {
        boolean backend = match.group(1) == null;
        thrown
            .computeIfAbsent(backend ? "BackendException" : match.group(1), e -> new TreeMap<>())
            .computeIfAbsent(match.group(3), c -> new TreeSet<>())
            .add(backend ? match.group(2) : "new");
      }
    }
    return thrown;
  }

  /** The first paragraph of the exception's Javadoc. */
  private static String about(String exception) throws IOException {
    Matcher doc = JAVADOC.matcher(Files.readString(ERRORS.resolve(exception + ".java")));
    if (!doc.find()) {
      throw new IllegalStateException(exception + " has no Javadoc");
    }
    return doc.group(1)
        .replaceAll("(?m)^\\s*\\* ?", "")
        .split("<p>", 2)[0]
        .replaceAll("\\{@\\w+ #?([^}]*)}", "`$1`")
        .replaceAll("\\s+", " ")
        .strip();
  }
}

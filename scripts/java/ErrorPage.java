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
 * Writes docs/errors.md: the codes as ErrorCode has them, the exceptions that the sources throw
 * them in, and what to do. With --check it writes nothing and fails if the page is not what it
 * would write. Run from the repository's root.
 */
final class ErrorPage {
  private static final Path PAGE = Path.of("docs/errors.md");
  private static final Path ERRORS = Path.of("mesh-core/src/main/java/io/meshwork/error");
  private static final Pattern CODE =
      Pattern.compile(
          "^  ([A-Z_]+)\\(\\s*\"(MESH-\\d{4})\",\\s*\"([^\"]+(?:\"\\s*\\+\\s*\"[^\"]+)*)\"\\)",
          Pattern.MULTILINE);
  private static final Pattern THROWN =
      Pattern.compile(
          "(?:new\\s+(\\w+Exception)\\s*\\(\\s*(?:this\\s*,\\s*)?|\\.\\s*(\\w+)\\s*\\(\\s*)"
              + "ErrorCode\\s*\\.\\s*([A-Z_]+)");

  /** The last step of {@code Failure}, and the exception that it returns. */
  private static final Map<String, String> STEPS =
      Map.of(
          "invalidRequest", "InvalidRequestException",
          "contractViolation", "ContractViolationException",
          "conflict", "ConflictException",
          "lastingConflict", "ConflictException",
          "accessDenied", "AccessDeniedException",
          "notFound", "NotFoundException",
          "alreadyExists", "AlreadyExistsException",
          "passing", "BackendException",
          "lasting", "BackendException");

  private static final Pattern JAVADOC =
      Pattern.compile(
          "/\\*\\*(.*?)\\*/\\s*public (?:abstract )?(?:sealed |final )?class", Pattern.DOTALL);

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
          Map.entry("INVALID_ARGUMENT", "Fix the argument that the message names."),
          Map.entry(
              "NAME_INVALID",
              "Use lower-case letters, digits, and single hyphens or underscores between them; at"
                  + " most 63 characters."),
          Map.entry("CLOSED", "Keep the mesh and its objects open until you read the last row."),
          Map.entry("CONCURRENT_USE", "Create a separate operation for each thread."),
          Map.entry(
              "SCHEMA_UNSUPPORTED",
              "Change the columns that `findings()` lists, with the reason for each."),
          Map.entry(
              "CONTRACT_INVALID",
              "Fix the rules and key columns that `findings()` lists, with the reason for each."),
          Map.entry(
              "RULE_INVALID",
              "Write the rule in the form of its kind; the message names the invalid part."),
          Map.entry(
              "LIMIT_EXCEEDED", "Split the request, use coarser partitions, or use fewer columns."),
          Map.entry(
              "VERSION_LEFT_OUT",
              "Pass a mapping with `alsoTo(..)`, or call `onlyMajorVersion(..)` if the rows do not belong to"
                  + " the other version."),
          Map.entry(
              "READS_SUSPENDED",
              "Wait until the owner resumes reads; the message has the reason and the contact."),
          Map.entry("CONFIG_INVALID", "Fix the setting, or choose another folder or store."),
          Map.entry("DOMAIN_MISSING", "Register the domain first."),
          Map.entry("SOURCE_UNREADABLE", "Provide a file that exists and is readable."),
          Map.entry("UNSAFE_PATH", "Restore the registry or the table's properties."),
          Map.entry("READER_INVALID", "Change the row type, or choose other columns."),
          Map.entry("FILTER_INVALID", "Fix the filter as the message says."),
          Map.entry("EMPTY_REPLACE", "Check why the source is empty, or call `allowEmpty()`."),
          Map.entry(
              "CHANGE_INCOMPATIBLE",
              "See `findings()` for each change and its alternative. Roll out a breaking change"
                  + " with `startRollout(..)`."),
          Map.entry(
              "CONTRACT_VIOLATED",
              "Fix the rows. `findings()` lists the rules and the number of failing rows."),
          Map.entry(
              "SCHEMA_MISMATCH",
              "Provide the columns that the contract declares, with their types."),
          Map.entry(
              "FILE_MALFORMED",
              "Follow the message: write the file again if it is damaged or truncated, or with"
                  + " features and sizes that are supported."),
          Map.entry(
              "SNAPSHOT_EXPIRED", "Run it again; of a read, read the first rows within 12 hours."),
          Map.entry(
              "CONFLICT",
              "Commit again with the same key. After a replace, check `publishHistory(..)` first. If a"
                  + " plan is stale, create a new one."),
          Map.entry("OUTCOME_UNKNOWN", "Run the same call again with the same key."),
          Map.entry(
              "STATE_CONFLICT",
              "Follow the message. Run the call again with the same key if the message says so."),
          Map.entry(
              "FILTERED_READ",
              "Read the product with an engine that applies filters, such as Amazon Athena, or"
                  + " request access to all of it."),
          Map.entry(
              "ACCESS_DENIED",
              "Call `requests().requestAccess(..)` for what `missing()` lists, or ask a contact"
                  + " that `whoCanGrant()` lists."),
          Map.entry("NOT_OWNER", "Act as a principal of the owning domain."),
          Map.entry(
              "LINK_MISSING",
              "Link the product with `linkResource(..)`; you already have access to it."),
          Map.entry("NOT_FOUND", "Correct the name; `nearest()` may suggest it."),
          Map.entry("ALREADY_EXISTS", "Repeat the existing definition, or choose another name."),
          Map.entry("KEY_REUSED", "Use a different key for the other request."),
          Map.entry(
              "SUBSCRIPTION_ENDED",
              "If you still need it, call `subscribe(..)` again; it starts from the beginning."),
          Map.entry(
              "MAJOR_RETIRED",
              "Use the major version that the message names; `describe(..)` shows its contract."),
          Map.entry(
              "BACKEND_FAILED",
              "Retry if `retryable()`; otherwise fix the cause that the message names."),
          Map.entry("SOURCE_FAILED", "Fix the source, then run the call again with the same key."),
          Map.entry("INTERRUPTED", "Run the call again with the same key if you still need it."),
          Map.entry("REGISTRY_VERSION", "Use a newer version of Meshwork."),
          Map.entry("REGISTRY_CORRUPT", "Restore the registry file from a backup."),
          Map.entry(
              "DATA_DAMAGED",
              "Restore the file from a backup; `doctor()` lists the missing files."),
          Map.entry(
              "DEADLINE_PASSED", "Run the call again with the same key, or increase the timeout."),
          Map.entry("STORAGE_UNWRITABLE", "Free up space, or fix the permissions of the folder."),
          Map.entry(
              "CALLER_CODE_FAILED",
              "Fix the code that the message names, then run the call again with the same key."),
          Map.entry(
              "CLOCK_SKEWED",
              "Correct the clock. If the clock is right, call `maintain().trustClock()` once."));

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

Every Meshwork exception is a `MeshException` of one of the kinds below; the kind tells you what to do
next. `code()` returns a stable code for runbooks and alerts, and the message ends with it. The meaning
of a code never changes. `retryable()` is true if the same call may succeed later without any change.
A message says what failed, on which resource, why, what state things are in, and how to fix it. It
never contains field values. `findings()` lists what was found, each with a code of [Findings](findings.md).
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
    String source = Files.readString(ERRORS.resolve("ErrorCode.java"));
    Matcher code = CODE.matcher(source);
    while (code.find()) {
      codes.add(
          new Code(code.group(1), code.group(2), code.group(3).replaceAll("\"\\s*\\+\\s*\"", "")));
    }
    long declared = Pattern.compile("\"MESH-\\d{4}\"").matcher(source).results().count();
    if (codes.size() != declared) {
      throw new IllegalStateException(
          "ErrorCode.java declares " + declared + " codes, and " + codes.size() + " were read");
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
        String step = match.group(2);
        String exception = step == null ? match.group(1) : STEPS.get(step);
        if (exception != null) {
          thrown
              .computeIfAbsent(exception, e -> new TreeMap<>())
              .computeIfAbsent(match.group(3), c -> new TreeSet<>())
              .add(step == null ? "new" : step);
        }
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
        .replaceAll("\\{@\\w+\\s+#?([^}]*)}", "`$1`")
        .replaceAll("\\s+", " ")
        .strip();
  }
}

package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Types and messages speak the terms of the field: Parquet, Iceberg, Lake Formation, ODCS, Avro,
 * SQL. The page docs/glossary.md lists ours with their source.
 */
class VocabularyTest {
  /** Words that name nothing in the field, or nothing at all. */
  private static final Set<String> REFUSED_IN_TYPES =
      Set.of(
          "Anew",
          "Deed",
          "Doing",
          "Estate",
          "Gift",
          "Handed",
          "Helper",
          "Held",
          "House",
          "Impl",
          "Leave",
          "Look",
          "Manager",
          "Mend",
          "Mishap",
          "Roster",
          "Room",
          "Said",
          "Seen",
          "Shown",
          "Sight",
          "Standing",
          "Told",
          "Together",
          "Util",
          "Utils",
          "Veil");

  /** Names that end like a verb's form and are nouns of the field, and where from. */
  private static final Map<String, String> NOUNS =
      Map.of(
          "Finding", "one result of a check, as AWS Security Hub calls it",
          "Feed", "a source of rows without end, as in a feed of news");

  private static final Set<String> REFUSED_IN_MESSAGES =
      Set.of("mend", "mends", "mended", "room", "rooms");

  /** Modules whose tests are checked too, because they describe Meshwork to other backends. */
  private static final List<String> VERIFICATION =
      List.of(
          "verification/mesh-conformance",
          "verification/embedded-conformance",
          "verification/conformance-runner");

  /** Words and phrases that no name, Javadoc, comment, or message contains. */
  private static final List<String> REFUSED =
      List.of(
          "anew",
          "any more",
          "as far as",
          "as things are",
          "comes to",
          "doomed",
          "in force",
          "looked at",
          "mend",
          "mended",
          "mends",
          "misfit",
          "misfits",
          "nobody",
          "of its own",
          "said",
          "set aside",
          "to this end",
          "told",
          "whoever");

  private static final Pattern REFUSED_IN_SOURCES =
      Pattern.compile("(?i)\\b(" + String.join("|", REFUSED) + ")\\b");

  /** Such as "a date is no timestamp": "is not a timestamp" is plain English. */
  private static final Pattern NEGATED_NOUN =
      Pattern.compile(
          "(?i)(?<!\\bthere )\\b(is|are|was|were) no (?!(earlier|fewer|later|longer|more|newer|older|one|other|such)\\b)\\w");

  /** Messages that stay, and why. */
  private static final Map<String, String> KEPT_MESSAGES =
      Map.of("no room", "what systems report of a full disk; suites use it as a failure's text");

  /** Parts of lines of the documentation that stay: names of files, and of what was renamed. */
  private static final List<String> KEPT_IN_DOCUMENTATION =
      List.of("](decisions/", "`Finding.mend()`");

  /** The most top-level types whose name is one word, of all. */
  private static final double MOST_ONE_WORD = 0.06;

  private static final Pattern WORD = Pattern.compile("[A-Z][a-z0-9]*|[A-Z]+(?![a-z])");

  /** The start of a word inside a name such as {@code aBatchOfRows}. */
  private static final Pattern WORD_START =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private static final Pattern SUBTYPE_OF_PLAN =
      Pattern.compile("(?:extends|implements) \\w*Plan\\b");

  private static final Pattern VERB_FORM = Pattern.compile("[A-Z][a-z]+(ing|ed)");

  /** A text of one word, such as the key of a stored document. */
  private static final Pattern KEY = Pattern.compile("\"\\w+\"");

  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** A call in a message, such as {@code respond("...} or {@code grant(..)}. */
  private static final Pattern PROPOSED_CALL =
      Pattern.compile("(?<!\\w)([a-z]\\w+)\\((?:\\\\\"|\\.\\.)");

  private static final Pattern PUBLIC_METHOD =
      Pattern.compile("^ +public .*?[\\w>\\]] (\\w+)\\((?!\\))");
  private static final Pattern MEMBER =
      Pattern.compile("^ +(?!return |new |throw ).*?[\\w>\\]] (\\w+)\\((?!\\))");

  private static final Pattern DESCRIPTION = Pattern.compile("\"description\": \"");

  /** Schemas that others publish. */
  private static final Pattern STANDARD = Pattern.compile("^od[cp]s-json-schema-");

  private static final Pattern TEXT_WORD = Pattern.compile("[a-z]+");

  @Test
  void noTypeIsNamedByAWordThatTheFieldDoesNotKnow() {
    Set<String> found = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      for (String name : source.declaredTypes()) {
        if (words(name).stream().anyMatch(REFUSED_IN_TYPES::contains)) {
          found.add(source.path() + ": " + name);
        }
      }
    }

    assertThat(found).as("types named by a refused word").isEmpty();
  }

  /** Plans of what depends on rows, which a plan does not keep, so that it cannot be committed. */
  private static final Set<String> PLANS_WITHOUT_ROWS = Set.of("PublishPlan", "SubscriptionPlan");

  /** One word, one thing: a plan can be reviewed, and committed as it is. */
  @Test
  void aTypeNamedPlanIsAPlan() {
    Set<String> plans = new TreeSet<>();
    Set<String> found = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      for (String name : source.declaredTypes()) {
        if (name.endsWith("Plan") && !source.name().equals("Plan.java")) {
          plans.add(name);
          if (!PLANS_WITHOUT_ROWS.contains(name)
              && !SUBTYPE_OF_PLAN.matcher(String.join(" ", source.lines())).find()) {
            found.add(source.path() + ": " + name);
          }
        }
      }
    }

    assertThat(plans).contains("RolloutPlan", "AccessPlan", "ContractPlan");
    assertThat(found).as("types named plan that extend no plan").isEmpty();
  }

  @Test
  void noTypeIsNamedByAGerundOrAParticipleAlone() {
    Set<String> found = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      for (String name : source.declaredTypes()) {
        if (VERB_FORM.matcher(name).matches() && !NOUNS.containsKey(name)) {
          found.add(source.path() + ": " + name);
        }
      }
    }

    assertThat(found).as("types named by a gerund or a participle").isEmpty();
  }

  @Test
  void fewTypesAreNamedByOneWord() {
    List<String> all = new ArrayList<>();
    List<String> one = new ArrayList<>();
    for (SourceText source : SourceTree.main()) {
      if (!source.isPackageInfo()) {
        all.add(typeName(source));
        if (words(typeName(source)).size() == 1) {
          one.add(typeName(source));
        }
      }
    }

    assertThat(all).isNotEmpty();
    assertThat((double) one.size() / all.size())
        .as("share of types of one word: %s", one)
        .isLessThanOrEqualTo(MOST_ONE_WORD);
  }

  @Test
  void aCallThatAMessageProposesIsAMethodWithAParameter() {
    Set<String> declared = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      boolean isInterface = source.lines().stream().anyMatch(line -> line.contains("interface "));
      for (String line : source.lines()) {
        Matcher method = (isInterface ? MEMBER : PUBLIC_METHOD).matcher(line);
        if (method.find()) {
          declared.add(method.group(1));
        }
      }
    }

    Set<String> found = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      for (String line : source.lines()) {
        Matcher string = STRING.matcher(line);
        while (string.find()) {
          if (string.group(1).contains("$T")) {
            continue; // a template of Java code, which is not a message
          }
          Matcher call = PROPOSED_CALL.matcher(string.group(1));
          while (call.find()) {
            if (!declared.contains(call.group(1))) {
              found.add(source.path() + ": " + string.group(1));
            }
          }
        }
      }
    }

    assertThat(declared).contains("respond", "timeout").doesNotContain("misused");
    assertThat(found).as("messages that propose a call of no method").isEmpty();
  }

  @Test
  void noMessageUsesAWordThatTheFieldDoesNotKnow() {
    Set<String> found = new TreeSet<>();
    for (SourceText source : SourceTree.main()) {
      for (String line : source.lines()) {
        Matcher string = STRING.matcher(line);
        while (string.find()) {
          String text = string.group(1);
          if (KEPT_MESSAGES.keySet().stream().noneMatch(text::contains) && isRefused(text)) {
            found.add(source.path() + ": " + text);
          }
        }
      }
    }

    assertThat(found).as("messages with a refused word").isEmpty();
  }

  @Test
  void sourcesContainNoCoinedWords() {
    Set<String> found = new TreeSet<>();
    int files = 0;
    for (SourceText source : SourceTree.main()) {
      files++;
      for (String line : source.lines()) {
        if (isCoined(KEY.matcher(line).replaceAll(""))) {
          found.add(source.path() + ": " + line.strip());
        }
      }
    }

    assertThat(files).as("checked files").isGreaterThan(980);
    assertThat(found).as("lines with coined words").isEmpty();
  }

  @Test
  void verificationContainsNoCoinedWordsInTextsAndNames() {
    Set<String> found = new TreeSet<>();
    int files = 0;
    for (String folder : VERIFICATION) {
      Path module = SourceTree.sibling(folder);
      List<SourceText> sources = new ArrayList<>(SourceTree.main(module));
      sources.addAll(SourceTree.tests(module));
      for (SourceText source : sources) {
        files++;
        for (String line : source.lines()) {
          if (isCoined(WORD_START.matcher(line).replaceAll(" "))) {
            found.add(source.path() + ": " + line.strip());
          }
        }
        for (String word : words(typeName(source))) {
          if (REFUSED_IN_TYPES.contains(word)) {
            found.add(source.path().toString());
          }
        }
      }
    }

    assertThat(files).as("checked files").isGreaterThan(190);
    assertThat(found).as("lines and types with coined words").isEmpty();
  }

  @Test
  void documentationContainsNoCoinedWords() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs")) {
      try (Stream<Path> files = Files.list(SourceTree.root().resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    List<String> found = new ArrayList<>();
    for (Path page : pages) {
      for (String line : Files.readAllLines(page)) {
        if (isCoined(line) && KEPT_IN_DOCUMENTATION.stream().noneMatch(line::contains)) {
          found.add(page.getFileName() + ": " + line.strip());
        }
      }
    }

    assertThat(pages).as("checked pages").hasSizeGreaterThan(25);
    assertThat(found).as("lines with coined words").isEmpty();
  }

  @Test
  void schemasContainNoCoinedWords() throws IOException {
    List<Path> folders = new ArrayList<>(List.of(SourceTree.root().resolve("docs/schemas")));
    for (Path module : SourceTree.modules()) {
      folders.add(module.resolve("src/main/resources"));
    }
    List<Path> schemas = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files
              .filter(file -> file.toString().endsWith(".json"))
              .filter(file -> !STANDARD.matcher(file.getFileName().toString()).find())
              .forEach(schemas::add);
        }
      }
    }
    List<String> found = new ArrayList<>();
    for (Path schema : schemas) {
      for (String line : Files.readAllLines(schema)) {
        if (DESCRIPTION.matcher(line).find() && isCoined(line)) {
          found.add(schema.getFileName() + ": " + line.strip());
        }
      }
    }

    assertThat(schemas).as("checked schemas").hasSizeGreaterThan(50);
    assertThat(found).as("descriptions with coined words").isEmpty();
  }

  private static boolean isCoined(String line) {
    return (isRefusedInSources(line) || isNegatedNoun(line))
        && KEPT_MESSAGES.keySet().stream().noneMatch(line::contains);
  }

  // The patterns are slow, and almost no line contains one of these texts.

  private static boolean isRefusedInSources(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    return REFUSED.stream().anyMatch(lower::contains) && REFUSED_IN_SOURCES.matcher(line).find();
  }

  private static boolean isNegatedNoun(String line) {
    return line.toLowerCase(Locale.ROOT).contains(" no ") && NEGATED_NOUN.matcher(line).find();
  }

  /** A text of one word is a key of a document, not a message. */
  private static boolean isRefused(String text) {
    if (!text.contains(" ")) {
      return false;
    }
    Matcher word = TEXT_WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      if (REFUSED_IN_MESSAGES.contains(word.group())) {
        return true;
      }
    }
    return false;
  }

  private static String typeName(SourceText source) {
    return source.name().replace(".java", "");
  }

  private static List<String> words(String name) {
    return WORD.matcher(name).results().map(MatchResult::group).toList();
  }
}

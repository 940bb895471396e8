package io.meshwork.cli.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.internal.shell.SourceMessages.Message;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A person at a terminal reads verbs and options, and never a call of Java. */
class TerminalTextTest {
  /** The modules whose messages a terminal shows. */
  private static final List<String> MODULES =
      List.of(
          "mesh-core",
          "extensions/mesh-odcs",
          "mesh-aws",
          "mesh-aws-mirrors",
          "extensions/mesh-aws-operations");

  /** A call without values, or with names in their place: rules have the names of columns. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?<![\\w])[A-Za-z.]*[a-z]\\w*\\((?:\\)|[^()\"]*(?:\\.\\.|…)[^()\"]*\\)|\"|(?:checkpoint,"
              + " key|config|account, name|reason|text|id|date|filter|answer|question|name,"
              + " folder|column, values|x1)\\))");

  /** Files whose messages no verb causes, and what only a program does to read them. */
  private static final Map<String, String> ONLY_PROGRAMS =
      Map.ofEntries(
          Map.entry("AccountSetup", "is Terraform"),
          Map.entry("AwsPolicies", "writes policies of roles"),
          Map.entry("BatchColumns", "offers batches"),
          Map.entry("BatchesInput", "offers batches"),
          Map.entry("CombinedOperation", "combines changes of rights"),
          Map.entry("CombinedResults", "combines changes of rights"),
          Map.entry("CommitDraft", "extends the registry"),
          Map.entry("ContractSuccession", "calls from(..) of earlier contracts"),
          Map.entry("DistributedPublish", "names a call of Spark"),
          Map.entry("DqdlColumn", "reads DQDL, which has functions"),
          Map.entry("DqdlWriter", "reads DQDL, which has functions"),
          Map.entry("EncryptedFiles", "reads encrypted files with another module"),
          Map.entry("JavaColumnTypes", "has records with annotations"),
          Map.entry("JavaFormatter", "is the Java code that product propose writes"),
          Map.entry("Mesh", "opens a mesh for itself"),
          Map.entry("MeshMaintenance", "sets times of maintenance"),
          Map.entry("MeshSettings", "opens a mesh for itself"),
          Map.entry("MovedColumns", "reads records of classes"),
          Map.entry("Partition", "writes partition fields as they are declared"),
          Map.entry("PolledBatch", "reads a batch"),
          Map.entry("ProductFeed", "feeds rows"),
          Map.entry("QualityGate", "extends the checks"),
          Map.entry("ResultSetShredder", "offers a result set"),
          Map.entry("RowSource", "chooses a source of rows"),
          Map.entry("RowStreamErrors", "reads rows twice"),
          Map.entry("SignedCheckpoint", "has keys"),
          Map.entry("SqliteFile", "is SQL"),
          Map.entry("VectorColumn", "reads a batch"));

  /** Forms of rules, which documents have. */
  private static final Set<String> RULES = Set.of("kind", "matches", "notNull");

  private static List<Message> messages;

  @BeforeAll
  static void readSources() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("mesh-core"))) {
      root = root.getParent();
    }
    messages = new ArrayList<>();
    for (String module : MODULES) {
      messages.addAll(SourceMessages.of(root.resolve(module)));
    }
  }

  @Test
  void anIdempotencyKeyStaysAsItIs() {
    String message =
        "Run it again with the key 'a', which: orders.files(2026), or commit again', which";

    assertThat(TerminalText.of("Call plan(). " + message + " returns the result. Call plan()."))
        .isEqualTo("Add --plan. " + message + " returns the result. Add --plan.");
  }

  @Test
  void noMessageOfASourceKeepsACall() throws IOException {
    Set<String> left = new TreeSet<>();
    for (Message message : messages) {
      String file = message.file().getFileName().toString().replace(".java", "");
      String shown =
          TerminalText.of(
              message
                  .text()
                  .replace(")x1.", ").")
                  .replace("(x1.", "(x1).")
                  .replace("Call x1.commit()", "Call subscribe(x1).commit()"));
      Matcher call = CALL.matcher(shown);
      while (call.find()) {
        String name = call.group().replaceAll("\\(.*", "");
        if (!ONLY_PROGRAMS.containsKey(file) && !RULES.contains(name)) {
          left.add(name + " in " + file + ": " + shown);
        }
      }
    }

    assertThat(messages).hasSizeGreaterThan(4000);
    assertThat(left).as("messages with a call that terminal-words.txt lacks").isEmpty();
  }

  @Test
  void eachCallOfTheTableIsInAMessage() {
    String all = messages.stream().map(Message::text).collect(Collectors.joining("\n"));

    assertThat(TerminalText.table().keySet())
        .filteredOn(
            call ->
                call.matches("[\\w.]+")
                    ? !all.contains(call.substring(call.lastIndexOf('.') + 1) + "(")
                    : !all.contains(call))
        .as("lines of terminal-words.txt that no message needs")
        .isEmpty();
  }

  @Test
  void aSentenceOfTheTableIsReplacedAlsoWithoutACall() {
    TerminalText.table()
        .forEach(
            (words, same) -> {
              if (!words.matches("[\\w.]+")) {
                assertThat(TerminalText.of(words)).as(words).doesNotContain(words);
              }
            });
    assertThat(TerminalText.of("Change the document, or do not read it strictly."))
        .isEqualTo("Change the document, or leave out --strict.");
  }

  @Test
  void argumentsOfACallAreThoseOfTheVerb() {
    assertThat(TerminalText.of("Call registerDomain(\"hr\").owner(..).commit()."))
        .isEqualTo("Run mesh domain add hr --owner CONTACT.");
    assertThat(TerminalText.of("startRollout(\"a/b\").contract(..).because(..), with x(..)"))
        .startsWith("mesh rollout start a/b --contract FILE --because TEXT, with");
    assertThat(TerminalText.of("See rollouts(\"commerce/orders\")."))
        .isEqualTo("See mesh rollout commerce/orders.");
    assertThat(TerminalText.of("rollouts() lists it, and majorVersion(2) reads it."))
        .isEqualTo("mesh rollout PRODUCT lists it, and --major 2 reads it.");
  }

  @Test
  void aHintHasEachOptionThatItsVerbNeeds() {
    assertThat(TerminalText.of("Pass them, or call onlyMajorVersion(2).because(reason) if not."))
        .isEqualTo("Pass them, or add --only-major 2 --because TEXT if not.");
    assertThat(TerminalText.of("Wait, or ask it to call moved()."))
        .isEqualTo("Wait, or ask it to run mesh rollout moved PRODUCT --because TEXT.");
    assertThat(TerminalText.of("Fix the rows and commit again; findings() has samples."))
        .isEqualTo("Fix the rows and run it again.");
    assertThat(TerminalText.of("contractHistory(\"commerce/orders\") shows both contracts."))
        .isEqualTo("mesh changes commerce/orders shows both contracts.");
    assertThat(TerminalText.of("Commit again in a moment.")).isEqualTo("Run it again in a moment.");
  }

  @Test
  void aFindingIsWholeSentences() {
    Finding finding =
        Finding.error(FindingCode.NO_END_DATE, "request", "no end is set", "Call until(..).");
    assertThat(FindingText.of(finding))
        .isEqualTo("NO_END_DATE request: no end is set. Add --until TIME.");
  }

  @Test
  void oneRowIsOne() {
    assertThat(RowCount.are(1)).isEqualTo("1 row is");
    assertThat(RowCount.are(2)).isEqualTo("2 rows are");
  }

  @Test
  void aRuleIsNotACall() {
    String rule = "Rule between.amount, between(amount, 0, 100), failed; so did notNull(id).";
    assertThat(TerminalText.of(rule)).isEqualTo(rule);
  }
}

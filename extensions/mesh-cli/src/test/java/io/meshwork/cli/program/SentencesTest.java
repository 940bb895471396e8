package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What verbs say to people: numbers with their nouns, times, and what is true now. */
class SentencesTest {
  private static final String NOTES = "commerce/notes";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit calls open first
  private TestShell shell;

  @BeforeEach
  void open() throws IOException {
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    Path rows = write("rows.csv", "id\na\n");
    Path wider = write("wider.csv", "code\na\n");
    run("init", "file:" + folder.resolve("mesh"));
    run("domain", "add", "commerce", "--owner", "o@example.org");
    run("domain", "add", "finance", "--owner", "f@example.org", "--as", "finance/analyst");
    run("product", "propose", rows.toString(), "--to", folder.resolve("one.yaml").toString());
    run("product", "propose", wider.toString(), "--to", folder.resolve("two.yaml").toString());
    run("product", "define", NOTES, "--contract", folder.resolve("one.yaml").toString(), "--open");
    run("publish", NOTES, rows.toString());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void run(String... arguments) {
    assertThat(shell.run(arguments)).as(shell.err() + shell.out()).isZero();
  }

  @Test
  void oneOfEachIsSingular() {
    run("describe", NOTES);
    assertThat(shell.out()).contains("you read 1 of 1 column\n", "schema   1 column,");
    assertThat(shell.run("rollback", NOTES, "--to", "5", "--because", "Wrong"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Its only snapshot is ").doesNotContain("There are");
  }

  @Test
  void anEmptyQuarantineIsNotAskedForSuchRows() {
    run("quarantine", NOTES);
    assertThat(shell.out()).isEqualTo("No row of " + NOTES + " is quarantined.\n");
    run("quarantine", NOTES, "--where", "row_number > 5");
    assertThat(shell.out()).isEqualTo("The quarantine has no such rows.\n");
  }

  @Test
  void aFirstLineThatMayBeARowNamesTheOption() throws IOException {
    Path names = write("names.csv", "anna,bonn\nbert,trier\ncarl,ulm\n");
    run("product", "propose", names.toString());
    assertThat(shell.err())
        .contains("Note: the first line is read as names", "If it is a row, add --no-header.");
    run("product", "propose", names.toString(), "--json");
    assertThat(shell.out()).contains("If it is a row, add --no-header.");
  }

  @Test
  void aRepeatedKeyIsSaidToHaveDoneItBefore() {
    String rows = folder.resolve("rows.csv").toString();
    run("publish", NOTES, rows, "--key", "day-1");
    run("publish", NOTES, rows, "--key", "day-1");
    assertThat(shell.err())
        .isEqualTo("1 row is published to " + NOTES + "; an earlier run with this key did it.\n");
  }

  @Test
  void aPlanThatIsNoLongerTheReviewedOneIsMadeAgainByItsCommand() {
    assertThat(shell.run("repair", "--planned", "123")).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.err())
        .contains("Make a new plan, review it, and run the command with its fingerprint.")
        .doesNotContain("commit");
  }

  @Test
  void aPlanDoesNotSendAnyoneToRowsThatAreNotInTheQuarantine() throws IOException {
    run(
        "product",
        "define",
        "commerce/picky",
        "--contract",
        folder.resolve("one.yaml").toString(),
        "--on-violation",
        "quarantine",
        "--max-quarantine-share",
        "60");
    Path bad = write("bad.jsonl", "{\"id\":null}\n{\"id\":null}\n{\"id\":\"b\"}\n");
    assertThat(shell.run("publish", "commerce/picky", bad.toString()))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.err()).contains("the limit is 60 percent (--max-quarantine-share");
    Path mixed = write("mixed.jsonl", "{\"id\":\"b\"}\n{\"id\":null}\n");
    run("publish", "commerce/picky", mixed.toString(), "--plan");
    assertThat(shell.err())
        .contains("1 of 2 rows would be published, 1 quarantined")
        .doesNotContain("mesh quarantine");
    run("publish", "commerce/picky", mixed.toString());
    assertThat(shell.err()).contains("To see the quarantined rows: mesh quarantine commerce/picky");

    String[] amend = {
      "product",
      "amend",
      "commerce/picky",
      "--contract",
      folder.resolve("one.yaml").toString(),
      "--on-violation",
      "quarantine",
      "--plan"
    };
    run(amend);
    assertThat(shell.err())
        .contains("More than 10 % of bad rows reject a publish from now on")
        .contains("add --max-quarantine-share 60.");
    assertThat(
            shell.run(
                "product",
                "define",
                "commerce/more",
                "--contract",
                amend[4],
                "--max-quarantine-share",
                "101"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Use 0 to 100 percent.");
  }

  @Test
  void aRolloutSaysWhatWasCopiedWhomItWaitsForAndWhenItBegan() {
    run("read", NOTES, "--as", "finance/analyst");
    String next = folder.resolve("two.yaml").toString();
    run("rollout", "start", NOTES, "--contract", next, "--because", "Renamed");
    run("rollout", "back-fill", NOTES, "--rename", "id=code");
    assertThat(shell.err()).contains("1 row of version 1 is copied to version 2.");
    run("rollout", "activate", NOTES);
    run("rollout", "announce", NOTES);
    run("rollout", "status", NOTES);
    assertThat(shell.out())
        .contains("finance/@ (reads without a subscription)", "notice  ends on ")
        .doesNotContainPattern("[.][0-9]{4,}Z")
        .containsPattern("started at [0-9T:-]{19}Z;");

    run("rollout", "abort", NOTES, "--because", "Wrong");
    run("rollout", "status", NOTES);
    assertThat(shell.out()).contains("notice  was to end on ").doesNotContain("ends on");
  }

  @Test
  void aMoveSaysWhetherTheNextPollStartsOver() throws IOException {
    String[] analyst = {"--as", "finance/analyst"};
    for (String name : List.of("early", "late", "never")) {
      run("subscribe", NOTES, "--name", name, "--for", "Closing", analyst[0], analyst[1]);
    }
    acknowledge("early");
    run("publish", NOTES, write("more.csv", "id\nb\n").toString());
    String next = folder.resolve("two.yaml").toString();
    run("rollout", "start", NOTES, "--contract", next, "--because", "Renamed");
    run("rollout", "back-fill", NOTES, "--rename", "id=code");
    run("rollout", "activate", NOTES);
    run("rollout", "announce", NOTES);
    acknowledge("late");

    run("rollout", "status", NOTES);
    assertThat(track("never")).contains("and it has not declared its move.");
    assertThat(track("late")).contains("It has not read version 2; it last read version 1 on ");

    run("rollout", "move", NOTES, "early", analyst[0], analyst[1]);
    assertThat(shell.err()).contains("The next poll starts over and returns all rows");
    assertThat(shell.json().get("continues").asBoolean()).isFalse();
    assertThat(poll("early")).isEqualTo("RESET");

    run("rollout", "move", NOTES, "late", analyst[0], analyst[1]);
    assertThat(shell.err()).contains("The next poll goes on after snapshot ");
    assertThat(shell.json().get("continues").asBoolean()).isTrue();
    assertThat(shell.json().get("positionSnapshotId").asText()).isNotEmpty();
    Path out = folder.resolve("late.jsonl");
    assertThat(shell.run("poll", "late", "--to", out.toString(), analyst[0], analyst[1]))
        .isEqualTo(ExitCode.NOTHING_NEW);

    run("rollout", "move", NOTES, "never", analyst[0], analyst[1]);
    assertThat(shell.json().has("positionSnapshotId")).isFalse();
    boolean continues = shell.json().get("continues").asBoolean();
    run("rollout", "status", NOTES);
    assertThat(track("never")).contains("Its subscription is on version 2, and it has no recorded");
    assertThat(poll("never").equals("RESET")).isNotEqualTo(continues);
  }

  @Test
  void aReasonThatIsMissingIsAskedForByTheOptionToAdd() {
    run(
        "rollout",
        "start",
        NOTES,
        "--contract",
        folder.resolve("two.yaml").toString(),
        "--because",
        "Renamed");
    run("suggest", NOTES, "More", "--kind", "other", "--as", "finance/analyst");
    for (String command :
        List.of(
            "rollout answer PRODUCT late --object",
            "rollout answer PRODUCT late --counter 2090-01-31",
            "rollout retire PRODUCT --force",
            "rollout activate PRODUCT --without 3",
            "answer PRODUCT --decline")) {
      assertThat(shell.run(command.replace("PRODUCT", NOTES).split(" ")))
          .isEqualTo(ExitCode.WRONG_REQUEST);
      String option = command.replaceFirst(".* (--[a-z]+).*", "$1");
      assertThat(shell.err()).contains("Add --because 'REASON': " + option + " needs one.");
    }
    assertThat(shell.run("rollout", "retire", NOTES, "--because", "Over"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--because is the reason of --force");
  }

  private String track(String name) {
    return shell.out().lines().filter(line -> line.contains("finance/" + name)).toList().toString();
  }

  private String poll(String name) {
    Path out = folder.resolve(name + ".jsonl");
    run("poll", name, "--to", out.toString(), "--as", "finance/analyst");
    return shell.json().get("kind").asText();
  }

  private void acknowledge(String name) {
    poll(name);
    run("ack", name, shell.json().get("batch").asText(), "--as", "finance/analyst");
  }

  @Test
  void aBackupAndAProposalShowTheirProgressOnATerminalOnly() {
    String rows = folder.resolve("rows.csv").toString();
    run("product", "propose", rows);
    run("backup", folder.resolve("copy").toString());
    assertThat(shell.err()).doesNotContain("bytes");

    shell.onTerminal();
    run("product", "propose", rows);
    assertThat(shell.err()).contains("bytes 5 bytes of 5 bytes, 100 %");
    run("backup", folder.resolve("again").toString());
    assertThat(shell.err()).containsPattern("bytes 0 bytes of [0-9.]+ kB, 0 %");
  }

  @Test
  void aPlanExitsAsTheRefusedChangeDoes() {
    String same = folder.resolve("one.yaml").toString();
    String breaking = folder.resolve("two.yaml").toString();
    exitsAlike(ExitCode.CONTRACT_VIOLATED, "product", "amend", NOTES, "--contract", breaking);
    exitsAlike(
        ExitCode.CONTRACT_VIOLATED,
        "rollout",
        "amend",
        NOTES,
        "--contract",
        breaking,
        "--because",
        "Slower");
    exitsAlike(
        ExitCode.WRONG_REQUEST, "rollout", "start", NOTES, "--contract", same, "--because", "Same");
    run("rollout", "start", NOTES, "--contract", breaking, "--because", "Renamed");
    exitsAlike(ExitCode.CONFLICT, "rollout", "activate", NOTES);
  }

  private void exitsAlike(int code, String... change) {
    String[] plan = Arrays.copyOf(change, change.length + 1);
    plan[change.length] = "--plan";
    assertThat(shell.run(plan)).as("%s %s", List.of(plan), shell.err()).isEqualTo(code);
    assertThat(shell.run(change)).as("%s %s", List.of(change), shell.err()).isEqualTo(code);
  }
}

package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(shell.run("product", "define", "commerce/more", "--contract", amend[4],
            "--max-quarantine-share", "101"))
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
}

package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.verb.MeshVerb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What each command says if it is stopped, such as by Ctrl-C. */
class InterruptionTest {
  private static String messageOf(String command) {
    CommandLine program = new CommandLine(new MeshVerbs(CommandShell.ofProcess()));
    ParseResult parsed = program.parseArgs(("--as commerce/etl " + command).split(" "));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return ((MeshVerb) parsed.commandSpec().userObject()).whenStopped();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read commerce/orders",
        "wait daily",
        "product propose orders.csv",
        "emit prometheus",
        "publish commerce/orders orders.csv --plan --key a",
        "promote commerce/orders p-1 --plan",
        "rollout move commerce/orders daily --plan",
        "onboard commerce/orders --plan",
        "mirror --plan",
        "onboard-account 222222222222 --plan",
        "grant commerce/orders --to finance --because reports --plan",
        "serve",
      })
  void aCommandThatChangesNothingSaysSo(String command) {
    assertThat(messageOf(command)).startsWith("Nothing was changed.").doesNotContain("mesh ");
  }

  @ParameterizedTest
  @CsvSource({
    "export commerce/orders out.parquet, out.parquet",
    "poll daily --to out.csv, out.csv",
    "product propose orders.csv --to orders.yaml, orders.yaml",
    "emit prometheus --to mesh.prom, mesh.prom",
  })
  void aCommandThatWritesAFileNamesIt(String command, String file) {
    assertThat(messageOf(command))
        .contains(file + " is complete, or as it was before", "un it again")
        .doesNotContain("mesh log", "mesh audit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export commerce/orders - --format csv",
        "poll daily --to - --format csv",
      })
  void rowsOnStandardOutputMayBeAPart(String command) {
    assertThat(messageOf(command))
        .contains("Standard output may have a part")
        .contains("un it again");
  }

  @ParameterizedTest
  @CsvSource({
    "publish commerce/orders a.csv, mesh log commerce/orders",
    "promote commerce/orders p-1, mesh log commerce/orders",
    "stage commerce/orders a.csv, mesh staged commerce/orders",
    "domain add commerce, mesh domain show commerce",
    "grant commerce/orders --to finance --because reports, mesh audit --by commerce/etl",
    "subscribe commerce/orders --name daily, mesh audit --by commerce/etl",
  })
  void aChangeNamesTheCommandThatListsIt(String command, String listing) {
    assertThat(messageOf(command)).contains("completely or not at all", "'" + listing + "'");
  }

  @Test
  void aFolderOfTheSiteOrOfADomainMayHaveAPart() {
    assertThat(messageOf("portal site"))
        .isEqualTo("site may have a part of the pages. Run it again: it writes all.");
    assertThat(messageOf("snapshot commerce --to code"))
        .isEqualTo("code may have a part of the files. Run it again: it writes all.");
  }

  @Test
  void aKeyIsPrintedAsAShellTakesIt() {
    assertThat(messageOf("publish commerce/orders orders.csv --key Ana's;run"))
        .contains("--key 'Ana'\\''s;run', it is made once");
  }
}

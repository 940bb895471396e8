package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.internal.shell.CommandShell;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A command line that starts with a verb is read by the same verb as among all of them. */
class OneVerbTest {
  private final CommandShell shell = CommandShell.ofProcess();
  private final CommandLine all = new CommandLine(new MeshVerbs(shell));

  @Test
  void aVerbIsTheSameWithoutTheOthers() {
    assertThat(all.getSubcommands()).hasSizeGreaterThan(80);
    for (String verb : all.getSubcommands().keySet()) {
      CommandLine program = MeshVerbs.program(shell, verb, "shop/orders");
      assertSame(verb, program.getSubcommands().get(verb), all.getSubcommands().get(verb));
    }
    assertThat(MeshVerbs.program(shell, "publish").getSubcommands())
        .containsOnlyKeys("publish", "help");
  }

  /** Compares help and options, and those of the verbs of a group. */
  private static void assertSame(String name, CommandLine one, CommandLine amongAll) {
    assertThat(one.getUsageMessage()).as(name).isEqualTo(amongAll.getUsageMessage());
    assertThat(one.getCommandSpec().optionsMap().keySet())
        .as(name)
        .isEqualTo(amongAll.getCommandSpec().optionsMap().keySet());
    Map<String, CommandLine> verbs = one.getSubcommands();
    assertThat(verbs.keySet()).as(name).isEqualTo(amongAll.getSubcommands().keySet());
    verbs.forEach(
        (verb, line) -> assertSame(name + " " + verb, line, amongAll.getSubcommands().get(verb)));
  }

  @Test
  void whatConcernsAllVerbsReadsThemAll() {
    for (String[] arguments :
        new String[][] {
          {}, {"help", "publish"}, {"completion"}, {"publsh"}, {"--json", "publish"}
        }) {
      assertThat(MeshVerbs.program(shell, arguments).getSubcommands().keySet())
          .isEqualTo(all.getSubcommands().keySet());
    }
  }
}

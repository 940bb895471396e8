package io.meshwork.cli.internal.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.file.ColumnOptions;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares the rows of both major versions. */
@Command(
    name = "compare",
    description = "Compares the rows of both versions; if they are equal again, that is recorded.",
    exitCodeList = {"20:The rows differ."})
final class CompareVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Mixin private ColumnOptions columns;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    MajorRollout rollout = NamedRollout.newMajorVersion(named.of(client));
    Verification verified =
        (columns.isUsed()
                ? rollout.verify(rollout.from(), columns.between(client, rollout, false))
                : rollout.verify())
            .commit();
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", rollout.product().toString())
            .put("equal", verified.isEqual())
            .put("oldRows", verified.oldRows())
            .put("newRows", verified.newRows())
            .put("onlyInOld", verified.onlyInOld())
            .put("onlyInNew", verified.onlyInNew());
    document.set("findings", JsonFields.findings(verified.findings()));
    return VerbAnswer.question(document, TerminalText.of(verified.toString()).lines().toList())
        .exiting(verified.isEqual() ? 0 : ExitCode.FINDINGS);
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}

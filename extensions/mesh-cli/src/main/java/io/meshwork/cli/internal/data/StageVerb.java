package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.QualityReport;
import io.meshwork.publish.StagedPublish;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stages files, so that the owner can look at their rows before consumers read them. */
@Command(
    name = "stage",
    description = {
      "Writes the rows of files without publishing them.",
      "Look at them with 'staged', then 'promote' or 'discard' them."
    })
public final class StageVerb extends MeshVerb {
  @Mixin private PublishOptions options;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return options.with(
        client,
        shell().in(),
        publish -> {
          StagedPublish staged = ProgressLine.during(shell(), publish::onProgress, publish::stage);
          QualityReport quality = staged.promote().plan().quality();
          ObjectNode document = StagedRows.put(VerbAnswer.newDocument("staged"), staged);
          CheckedRows.put(document, quality);
          List<String> lines = new ArrayList<>();
          lines.add(quality.rowsOffered() + " rows are staged" + malformed(staged) + ".");
          lines.add(
              quality.rowsRejected() > 0
                  ? "The contract refuses them:"
                  : "As the contract is now, promoting them publishes "
                      + quality.rowsAccepted()
                      + " and quarantines "
                      + quality.rowsQuarantined()
                      + ".");
          lines.addAll(CheckedRows.rules(quality));
          lines.add("To publish them: mesh promote " + staged.product() + " " + staged.id());
          lines.add("To remove them: mesh discard " + staged.product() + " " + staged.id());
          return VerbAnswer.change(document, lines.toArray(String[]::new));
        });
  }

  private static String malformed(StagedPublish staged) {
    return staged.unfitRowCount() == 0
        ? ""
        : ", of which " + staged.unfitRowCount() + " do not fit their columns";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

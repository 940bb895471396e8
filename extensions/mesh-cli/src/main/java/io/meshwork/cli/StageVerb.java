package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.publish.StagedPublish;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stages files, so that the owner can look at their rows before consumers read them. */
@Command(
    name = "stage",
    description = {
      "Writes the rows of files without publishing them.",
      "Look at them with 'staged', then 'promote' or 'discard' them."
    })
final class StageVerb extends MeshVerb {
  @Mixin private PublishOptions options;

  @Override
  VerbAnswer answer(MeshClient client) {
    return options.with(
        client,
        shell().in(),
        publish -> {
          StagedPublish staged = ProgressLine.during(shell(), publish::onProgress, publish::stage);
          return VerbAnswer.change(
              StagedRows.put(VerbAnswer.newDocument("staged"), staged),
              staged.rowCount() + " rows are staged" + unfit(staged) + ". To publish them:",
              "mesh promote " + staged.product() + " " + staged.id());
        });
  }

  private static String unfit(StagedPublish staged) {
    return staged.unfitRowCount() == 0
        ? ""
        : ", of which " + staged.unfitRowCount() + " do not fit their columns";
  }

  @Override
  boolean isChange() {
    return true;
  }
}

package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.MeshException;
import io.meshwork.publish.StagedPublish;
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
        shell(),
        (publish, rows) -> {
          StagedPublish staged =
              ProgressLine.during(shell(), rows, publish::onProgress, publish::stage);
          ObjectNode document = StagedRows.put(VerbAnswer.newDocument("staged"), staged);
          String named = staged.product() + " " + staged.id();
          return VerbAnswer.change(
              document,
              RowCount.are(staged.rowCount() + staged.invalidRowCount())
                  + " staged"
                  + malformed(staged)
                  + ".",
              "To see what promoting them publishes: mesh promote " + named + " --plan",
              "To publish them: mesh promote " + named,
              "To remove them: mesh discard " + named);
        });
  }

  private static String malformed(StagedPublish staged) {
    return staged.invalidRowCount() == 0
        ? ""
        : ", of which " + staged.invalidRowCount() + " do not fit their columns";
  }

  @Override
  public List<String> adviceOn(MeshException error) {
    return options.adviceOn(error);
  }

  @Override
  protected String listing() {
    return "mesh staged " + options.product();
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.MeshException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes files to a product. */
@Command(
    name = "publish",
    description = "Publishes the rows of files as one snapshot.",
    exitCodeList = {"10:Rows break the contract. Nothing is published."})
public final class PublishVerb extends MeshVerb {
  @Mixin private PublishOptions options;

  @Option(
      names = "--plan",
      description = "Changes nothing; exits with the code that the publish would have")
  private boolean plan;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return options.with(
        client,
        shell(),
        (publish, rows) ->
            plan
                ? PublishPlanDocument.answer(
                    ProgressLine.during(shell(), rows, publish::onProgress, publish::plan))
                : ReceiptDocument.answer(
                    client,
                    ProgressLine.during(shell(), rows, publish::onProgress, publish::commit)));
  }

  @Override
  public List<String> adviceOn(MeshException error) {
    return options.adviceOn(error);
  }

  @Override
  protected String listing() {
    return "mesh log " + options.product();
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

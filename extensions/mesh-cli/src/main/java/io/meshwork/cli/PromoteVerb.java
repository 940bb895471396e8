package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.publish.StagedPublish;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what was staged. */
@Command(name = "promote", description = "Publishes staged rows, as if they were offered now.")
final class PromoteVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "ID", description = "As 'stage' and 'staged' print it")
  private String id;

  @Option(
      names = "--dry-run",
      description = "Changes nothing; exits with the code that the publish would have")
  private boolean dryRun;

  @Override
  VerbAnswer answer(MeshClient client) {
    StagedPublish.Promote promote = StagedRows.find(client, product, id).promote();
    return dryRun
        ? DryRunDocument.answer(ProgressLine.during(shell(), promote::onProgress, promote::dryRun))
        : ReceiptDocument.answer(
            ProgressLine.during(shell(), promote::onProgress, promote::commit));
  }

  @Override
  boolean isChange() {
    return true;
  }
}

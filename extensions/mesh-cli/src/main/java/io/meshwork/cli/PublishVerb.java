package io.meshwork.cli;

import io.meshwork.MeshClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Publishes files to a product. */
@Command(name = "publish", description = "Publishes the rows of files as one snapshot.")
final class PublishVerb extends MeshVerb {
  @Mixin private PublishOptions options;

  @Override
  VerbAnswer answer(MeshClient client) {
    return options.with(
        client,
        shell().in(),
        publish ->
            ReceiptDocument.answer(
                ProgressLine.during(shell(), publish::onProgress, publish::commit)));
  }

  @Override
  boolean isChange() {
    return true;
  }
}

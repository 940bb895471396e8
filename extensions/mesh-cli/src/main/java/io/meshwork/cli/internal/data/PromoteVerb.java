package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.publish.Publish;
import io.meshwork.publish.StagedPublish;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what was staged. */
@Command(
    name = "promote",
    description = "Publishes staged rows, as if they were offered now.",
    exitCodeList = {"10:Rows break the contract. Nothing is published."})
public final class PromoteVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "ID", description = "As 'stage' and 'staged' print it")
  private String id;

  @Mixin private OtherVersionOptions.Mappings versions;

  @Option(
      names = "--plan",
      description = "Changes nothing; exits with the code that the publish would have")
  private boolean plan;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    StagedPublish staged = StagedRows.find(client, product, id);
    Publish.StoredRows<GenericRecord> promote = staged.promote();
    versions
        .alsoTo()
        .forEach(
            target ->
                promote.alsoTo(target.major(), target.ofRecords(client, product, staged.major())));
    return plan
        ? PublishPlanDocument.answer(
            ProgressLine.during(shell(), promote::onProgress, promote::plan))
        : ReceiptDocument.answer(
            client, ProgressLine.during(shell(), promote::onProgress, promote::commit));
  }

  @Override
  public List<String> adviceOn(MeshException error) {
    return error.errorCode() == ErrorCode.VERSION_LEFT_OUT
        ? List.of(
            "To publish the rows in another way, discard these: mesh discard " + product + " " + id)
        : List.of();
  }

  @Override
  protected String listing() {
    return "mesh log " + product;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

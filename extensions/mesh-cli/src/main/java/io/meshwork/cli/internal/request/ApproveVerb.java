package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.request.RequestClient.Approve;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves a request for access. */
@Command(name = "approve", description = "Approves a request, in full or in part.")
public final class ApproveVerb extends MeshVerb {
  @Parameters(
      paramLabel = "ID@REVISION|PRODUCT",
      description = "As 'mesh requests' prints it, or a product with one open request")
  private String request;

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "The reason, which the requester sees")
  private @Nullable String because;

  @Option(
      names = "--only-columns",
      paramLabel = "COLUMN,…",
      description = "Grants these columns only. Default: what was requested")
  private @Nullable List<String> columns;

  @Option(
      names = "--only-rows",
      paramLabel = "FILTER",
      description =
          "Grants these rows only, such as \"country = 'DE'\". Default: what was requested")
  private @Nullable String rows;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "When the access ends, as a date or time in UTC, such as 2027-03-31. Default: as requested")
  private @Nullable String until;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Approve approve =
        client.requests().approve(ReviewedRequest.find(client, Verb.APPROVE, request));
    if (because != null) {
      approve.because(because);
    }
    if (columns != null) {
      approve.columns(OptionTexts.elements(columns));
    }
    if (rows != null) {
      approve.rows(rows);
    }
    if (until != null) {
      approve.until(OptionTexts.time(until));
    }
    return planning.answer(
        approve,
        decided ->
            VerbAnswer.change(
                RequestDocument.put(VerbAnswer.newDocument("approved"), decided),
                decided.approvalsMissing() > 0
                    ? "Approved; " + decided.approvalsMissing() + " more must approve."
                    : "Approved: " + decided.requester() + " may read " + decided.product() + "."));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ColumnOptions;
import io.meshwork.cli.internal.file.ColumnText;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.Contract;
import io.meshwork.publish.Publish;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes quarantined rows again, corrected. */
@Command(
    name = "republish",
    description = {
      "Publishes quarantined rows again, and removes them from the quarantine.",
      "A row that still breaks a rule stays there, or rejects the publish."
    },
    exitCodeList = {"10:Rows still break the contract. Nothing is published."})
public final class RepublishVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--where",
      required = true,
      paramLabel = "FILTER",
      description = "Which rows, such as \"rules LIKE '%%between.amount%%'\"")
  private FilterText where;

  @Option(
      names = "--set",
      paramLabel = "COLUMN=VALUE",
      description = "Corrects a column of each row; VALUE is as in a CSV file, empty for null")
  private @Nullable List<String> corrections;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version whose quarantine has the rows. Default: the current one")
  private @Nullable Integer major;

  @Mixin private OtherVersionOptions versions;

  @Option(
      names = "--plan",
      description = "Changes nothing; exits with the code that the publish would have")
  private boolean plan;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Map<String, Optional<Object>> corrected = corrected(client);
    Publish<?> options = client.publish(product);
    if (major != null) {
      options.majorVersion(major);
    }
    versions.addTo(options);
    Publish.StoredRows<Map<String, Object>> publish =
        options.republish(
            where.text(),
            row -> {
              corrected.forEach(
                  (column, value) ->
                      value.ifPresentOrElse(
                          present -> row.put(column, present), () -> row.remove(column)));
              return row;
            });
    versions
        .alsoTo()
        .forEach(
            target -> publish.alsoTo(target.major(), target.ofMaps(client, product, offered())));
    return plan
        ? PublishPlanDocument.answer(
            ProgressLine.during(shell(), publish::onProgress, publish::plan))
        : ReceiptDocument.answer(
            client, ProgressLine.during(shell(), publish::onProgress, publish::commit));
  }

  private @Nullable Integer offered() {
    return major == null ? versions.contractOf(null) : major;
  }

  private Map<String, Optional<Object>> corrected(MeshClient client) {
    Map<String, Optional<Object>> corrected = new LinkedHashMap<>();
    if (corrections != null) {
      Contract contract = ColumnOptions.contract(client.describe(product), offered());
      ColumnOptions.pairs("--set", corrections)
          .forEach(
              (column, text) ->
                  corrected.put(column, ColumnText.parse(contract, product, column, text)));
    }
    return corrected;
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

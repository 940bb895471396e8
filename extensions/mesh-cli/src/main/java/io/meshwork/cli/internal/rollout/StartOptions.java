package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.file.ContractOptions;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.file.ViolationOptions;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.rollout.StartRollout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the start of a new major version. */
final class StartOptions {
  @Mixin private ContractOptions contracts;

  @Mixin private StartTerms terms;

  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description = "A column that has a new name, so that rights on it continue; repeatable")
  private @Nullable Map<String, String> renamed;

  @Option(names = "--without-history", description = "Starts without the rows of the old version")
  private boolean withoutHistory;

  @Option(
      names = "--exclude-rows",
      paramLabel = "FILTER",
      description = "New rows that the old version cannot have, such as those with a new value")
  private @Nullable FilterText excluded;

  @Option(
      names = "--suggestion",
      paramLabel = "ID",
      description = "A suggestion that it delivers; repeatable")
  private @Nullable List<String> suggestions;

  @Mixin private ViolationOptions violations;

  private boolean endsQuarantine;

  /** True if the contract that was read rejects publishes whose bad rows are quarantined now. */
  boolean endsQuarantine() {
    return endsQuarantine;
  }

  StartRollout of(MeshClient client, String product, CommandShell shell) {
    Contract current = client.describe(product).contract();
    ContractFile contract = contracts.read(shell).succeeding(current).with(violations);
    endsQuarantine =
        contract.contract().onViolation() == OnViolation.REJECT
            && current.onViolation() == OnViolation.QUARANTINE;
    StartRollout start =
        client.startRollout(product).contract(contract.contract()).because(terms.because());
    terms.retireAfter().ifPresent(start::retireAfter);
    if (renamed != null) {
      renamed.forEach(start::renameColumn);
    }
    if (withoutHistory) {
      start.withoutHistory();
    }
    if (excluded != null) {
      start.excludeRows(excluded.text());
    }
    if (suggestions != null) {
      start.suggestions(suggestions.toArray(String[]::new));
    }
    return start;
  }
}

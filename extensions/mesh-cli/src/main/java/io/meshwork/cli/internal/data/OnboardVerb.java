package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.file.StrictOption;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.publish.Onboard;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers Parquet files of other programs where they are. */
@Command(
    name = "onboard",
    description = {
      "Registers Parquet files of other programs as rows of a product, where they are."
    })
public final class OnboardVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "Whose files. In a folder that --reading-from names; on AWS, a location on S3")
  private @Nullable String location;

  @Option(names = "--refresh", description = "Registers files that were added to the folders since")
  private boolean refresh;

  @Option(
      names = "--contract",
      paramLabel = "FILE",
      description = "The contract of a product that is new")
  private @Nullable String file;

  @Mixin private StrictOption strict;

  @Option(
      names = "--ignore-unknown-columns",
      description = "Leaves out columns that the contract lacks")
  private boolean ignoreUnknown;

  @Option(
      names = "--files-per-commit",
      paramLabel = "N",
      description = "Makes N files visible at a time. Default: all at once")
  private @Nullable Integer perCommit;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Onboard onboard = client.onboard(product);
    if (refresh == (location != null)) {
      throw new UsageException("Name a folder, or add --refresh.");
    }
    if (location == null) {
      onboard.refresh();
    } else if (location.contains(":/") || location.startsWith("root:")) {
      onboard.from(location);
    } else {
      onboard.from(Path.of(location));
    }
    if (file != null) {
      ContractFile contract = ContractFile.read(file, null, shell().in(), strict.isSet());
      contract.notes().forEach(shell()::complain);
      onboard.contract(contract.contract());
    }
    if (ignoreUnknown) {
      onboard.ignoreUnknownColumns();
    }
    if (perCommit != null) {
      onboard.filesPerCommit(perCommit);
    }
    return ProgressLine.during(
        shell(),
        onboard::onProgress,
        () -> planning.answer(onboard, receipt -> ReceiptDocument.answer(client, receipt)));
  }

  @Override
  protected String interruption() {
    return "Files of complete steps are registered, and no file was changed. Run it again "
        + "to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

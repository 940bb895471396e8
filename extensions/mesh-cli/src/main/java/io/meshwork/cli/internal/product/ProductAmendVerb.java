package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.change.AmendContract;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.file.ContractOptions;
import io.meshwork.cli.internal.file.ViolationOptions;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Amends the contract of a product. */
@Command(
    name = "amend",
    description = "Changes a contract in a way that breaks no reader.",
    exitCodeList = {"10:The contract breaks consumers. Nothing was changed; roll it out."})
final class ProductAmendVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private ContractOptions contracts;

  @Option(names = "--because", paramLabel = "TEXT", description = "The reason, which readers see")
  private @Nullable String because;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version. Default: the current one")
  private @Nullable Integer major;

  @Option(
      names = "--declassify",
      paramLabel = "COLUMN,…",
      description =
          "Lowers the classification of these columns, once a second decider runs the same command")
  private @Nullable List<String> declassified;

  @Option(
      names = "--waive-four-eyes",
      description = "One person decides, in place of two; a second decider confirms that")
  private boolean waiveFourEyes;

  @Option(
      names = "--widen-purposes",
      description = "Allows more purposes, once a second decider runs the same command")
  private boolean widenPurposes;

  @Mixin private ViolationOptions violations;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Contract current = current(client);
    ContractFile contract = contracts.readFor(current, shell()).with(violations);
    complain(current, contract.contract());
    AmendContract amend = client.amendContract(product, contract.contract());
    if (because != null) {
      amend.because(because);
    }
    if (major != null) {
      amend.majorVersion(major);
    }
    if (declassified != null) {
      amend.declassify(OptionTexts.elements(declassified));
    }
    if (waiveFourEyes) {
      amend.waiveFourEyes();
    }
    if (widenPurposes) {
      amend.widenPurposes();
    }
    return planning.answer(
        amend, card -> changed("amended", card, "The contract of " + card.name() + " is amended"));
  }

  private Contract current(MeshClient client) {
    ProductCard card = client.describe(product);
    return card.versions().stream()
        .filter(version -> major != null && version.version().major() == major)
        .findFirst()
        .map(ProductCard.Version::contract)
        .orElse(card.contract());
  }

  /** Says that a file without a policy, such as a proposal, changes the product's policy. */
  private void complain(Contract before, Contract after) {
    if (before.onViolation() != OnViolation.QUARANTINE) {
      return;
    } else if (after.onViolation() == OnViolation.REJECT) {
      if (violations.policy().isEmpty()) {
        shell()
            .complain(
                "A bad row rejects the whole publish from now on, as the file says or by default."
                    + " To keep the quarantine, add --on-violation quarantine.");
      }
    } else if (after.maxQuarantineShare() < before.maxQuarantineShare()
        && violations.share().isEmpty()) {
      shell()
          .complain(
              "More than "
                  + percent(after)
                  + " % of bad rows reject a publish from now on, as the file says or by default."
                  + " To keep "
                  + percent(before)
                  + " %, add --max-quarantine-share "
                  + percent(before)
                  + ".");
    }
  }

  private static String percent(Contract contract) {
    return BigDecimal.valueOf(contract.maxQuarantineShare()).stripTrailingZeros().toPlainString();
  }

  static VerbAnswer changed(String status, ProductCard card, String words) {
    String version = card.versions().get(0).version().toString();
    return VerbAnswer.change(
        VerbAnswer.newDocument(status)
            .put("product", card.name().toString())
            .put("contractVersion", version),
        words + ", version " + version + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

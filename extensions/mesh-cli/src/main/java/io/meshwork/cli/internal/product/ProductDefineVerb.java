package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.change.DefineProduct;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.file.ContractOptions;
import io.meshwork.cli.internal.file.ViolationOptions;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.contract.Partition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Defines a product with a contract. */
@Command(name = "define", description = "Defines a product with the contract of a file.")
final class ProductDefineVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private ContractOptions contracts;

  @Option(
      names = "--owner",
      paramLabel = "CONTACT",
      description = "Who answers for it. Default: the owner of the domain")
  private @Nullable String owner;

  @Option(names = "--description", paramLabel = "TEXT", description = "What the product is")
  private @Nullable String description;

  @Option(names = "--open", description = "Everyone in the mesh may read it")
  private boolean open;

  @Option(
      names = "--table-format",
      paramLabel = "N",
      description = "Of Iceberg: 2, or 3 for nanoseconds")
  private @Nullable Integer tableFormat;

  @Mixin private ViolationOptions violations;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ContractFile contract = contracts.read(shell()).with(violations);
    contracts.compareName(product, shell());
    DefineProduct define = client.defineProduct(product).contract(contract.contract());
    if (!contract.partitions().isEmpty()) {
      define.partitionBy(contract.partitions().toArray(new Partition[0]));
    }
    Optional.ofNullable(owner).or(contracts::owner).ifPresent(define::owner);
    if (description != null) {
      define.description(description);
    }
    if (tableFormat != null) {
      define.tableFormat(tableFormat);
    }
    if (open) {
      define.openToMesh();
    }
    return planning.answer(
        define, card -> ProductAmendVerb.changed("defined", card, card.name() + " is defined"));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

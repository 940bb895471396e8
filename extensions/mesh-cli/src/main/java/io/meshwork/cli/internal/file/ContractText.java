package io.meshwork.cli.internal.file;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsExport;
import java.util.List;

/**
 * A contract as a file that means exactly the same when it is read again.
 *
 * @param ending how the file ends
 * @param text the file
 */
public record ContractText(String ending, String text) {
  /** Returns ODCS, if that restates every term of the contract; else the JSON of the contract. */
  public static ContractText of(ProductCard card) {
    ProductCard.Version version = card.versions().get(0);
    Partition[] partitions = version.partitioning().toArray(new Partition[0]);
    OdcsExport plain = OdcsExport.of(version.contract()).partitionBy(partitions);
    OdcsExport named =
        OdcsExport.of(version.contract())
            .product(card.name())
            .version(version.version())
            .partitionBy(partitions);
    for (OdcsExport export : List.of(named, plain)) {
      String yaml = export.asYaml();
      if (isSame(version.contract(), yaml)) {
        return new ContractText(".odcs.yaml", yaml);
      }
    }
    return new ContractText(".contract.json", version.contract().toJson());
  }

  private static boolean isSame(Contract contract, String yaml) {
    Contract read = OdcsDocument.parse(yaml).contract();
    return read.fingerprint().equals(contract.fingerprint())
        && contract.differenceTo(read).isEmpty();
  }
}

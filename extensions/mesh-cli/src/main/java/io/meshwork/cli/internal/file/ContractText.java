package io.meshwork.cli.internal.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsExport;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A contract as a file that means exactly the same when it is read again.
 *
 * @param ending how the file ends
 * @param text the file
 */
public record ContractText(String ending, String text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns ODCS, if that restates every term of the contract; else the JSON of the contract. */
  public static ContractText of(ProductCard card) {
    Contract contract = card.versions().get(0).contract();
    return of(card, contract, ContractText::isSame);
  }

  /**
   * Returns a contract that may become the next one of a product, in the same form. Its ODCS has
   * what the document of the contract lacks.
   */
  public static ContractText ofNext(ProductCard card, Contract contract) {
    return of(card, contract, ContractText::isSameButDocument);
  }

  private static ContractText of(
      ProductCard card, Contract contract, BiPredicate<Contract, Contract> isSame) {
    ProductCard.Version version = card.versions().get(0);
    Partition[] partitions = version.partitioning().toArray(new Partition[0]);
    OdcsExport plain = OdcsExport.of(contract).partitionBy(partitions);
    OdcsExport named =
        OdcsExport.of(contract)
            .product(card.name())
            .version(version.version())
            .partitionBy(partitions);
    for (OdcsExport export : List.of(named, plain)) {
      String yaml = export.asYaml();
      if (isSame.test(contract, OdcsDocument.parse(yaml).contract())) {
        return new ContractText(".odcs.yaml", yaml);
      }
    }
    return new ContractText(".contract.json", contract.toJson());
  }

  private static boolean isSame(Contract contract, Contract read) {
    return read.fingerprint().equals(contract.fingerprint())
        && contract.differenceTo(read).isEmpty();
  }

  private static boolean isSameButDocument(Contract contract, Contract read) {
    return withoutDocument(contract).equals(withoutDocument(read));
  }

  private static JsonNode withoutDocument(Contract contract) {
    try {
      return JSON.readValue(contract.toJson(), ObjectNode.class).without("extensions");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the JSON of a contract is JSON", e);
    }
  }
}

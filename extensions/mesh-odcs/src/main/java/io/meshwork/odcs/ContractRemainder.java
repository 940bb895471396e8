package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a contract has and ODCS cannot say, such as the names and defaults of an Avro schema, or the
 * order of rules. A document has it as a custom property, with the fingerprint of the contract that
 * the rest of the document means; once the document was edited, it no longer counts.
 */
final class ContractRemainder {
  private static final String NAME = OdcsKeys.PREFIX + "contract";
  private static final String FINGERPRINT = "fingerprint";
  private static final String NONE = "none";

  private ContractRemainder() {}

  /** Returns the document with what it lacks to mean the contract. */
  static YamlNode added(YamlNode document, Contract contract) {
    YamlNode bare = removed(document);
    Optional<Contract> read = plain(bare);
    if (read.isPresent() && read.get().equals(contract)) {
      return bare;
    }
    ObjectNode meant = ContractTree.of(contract);
    ObjectNode remainder = OdcsKeys.object();
    remainder.put(FINGERPRINT, read.map(Contract::fingerprint).orElse(NONE));
    ObjectNode understood = read.map(ContractTree::of).orElseGet(OdcsKeys::object);
    Set<String> keys = new TreeSet<>();
    meant.fieldNames().forEachRemaining(keys::add);
    understood.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      if (!meant.path(key).equals(understood.path(key))) {
        remainder.set(key, meant.has(key) ? meant.get(key) : meant.nullNode());
      }
    }
    ObjectNode property = OdcsKeys.object().put("property", NAME);
    property.set("value", remainder);
    return TreeMerge.append(bare, "customProperties", YamlNode.of(property));
  }

  /** Returns the contract that a document means, from what the rest of it means. */
  static Optional<Contract> applied(
      YamlNode document, Optional<Contract> read, ImportFindings findings) {
    JsonNode remainder = OdcsKeys.customProperty(document.json(), NAME);
    if (!remainder.isObject()) {
      return read;
    }
    String expected = read.map(Contract::fingerprint).orElse(NONE);
    if (!remainder.path(FINGERPRINT).asText().equals(expected)) {
      findings.preserved("customProperties", NAME + " is ignored: the document was edited since");
      return read;
    }
    ObjectNode meant = read.map(ContractTree::of).orElseGet(OdcsKeys::object);
    remainder
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isNull()) {
                meant.remove(each.getKey());
              } else if (!each.getKey().equals(FINGERPRINT)) {
                meant.set(each.getKey(), each.getValue());
              }
            });
    try {
      Contract contract = Contract.fromJson(meant.toString());
      findings.mapped("customProperties", NAME + " completes the contract");
      return Optional.of(contract);
    } catch (InvalidRequestException e) {
      findings.ambiguous("customProperties", NAME + ": " + e.reason());
      return read;
    }
  }

  private static Optional<Contract> plain(YamlNode document) {
    return ObjectImport.of(document, 0, new ImportFindings(document, false)).contract();
  }

  private static YamlNode removed(YamlNode document) {
    YamlNode properties = document.get("customProperties");
    if (properties == null) {
      return document;
    }
    List<YamlNode> kept = new ArrayList<>();
    for (YamlNode each : properties.items()) {
      if (!each.textOf("property").equals(NAME)) {
        kept.add(each);
      }
    }
    if (kept.size() == properties.items().size()) {
      return document;
    }
    return document.with(
        "customProperties", kept.isEmpty() ? null : YamlNode.list(kept, properties.place()));
  }
}

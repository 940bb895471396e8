package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.TreeChanges;
import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What a contract has and ODCS cannot say, such as the names and defaults of an Avro schema, or the
 * order of rules. A document has it as a custom property: the changes to the contract that the rest
 * of the document means. Once the document was edited, a change no longer counts at the places that
 * were edited.
 */
final class ContractRemainder {
  private static final String NAME = OdcsKeys.PREFIX + "contract";
  private static final String CHANGES = "changes";
  private static final String IGNORED = " is ignored: the document was edited since";

  private ContractRemainder() {}

  /** Returns the document with what it lacks to mean the contract. */
  static YamlNode added(YamlNode document, Contract contract) {
    YamlNode bare = removed(document);
    Optional<Contract> read = plain(bare);
    if (read.isPresent() && read.get().equals(contract)) {
      return bare;
    }
    ObjectNode understood = read.map(ContractTree::of).orElseGet(OdcsKeys::object);
    return TreeMerge.append(
        bare, "customProperties", YamlNode.of(property(understood, ContractTree.of(contract))));
  }

  private static ObjectNode property(ObjectNode understood, ObjectNode meant) {
    ObjectNode remainder = OdcsKeys.object();
    remainder.set(CHANGES, TreeChanges.between(understood, meant));
    ObjectNode property = OdcsKeys.object().put("property", NAME);
    property.set("value", remainder);
    return property;
  }

  /**
   * Returns what the document of a proposal lacks to have its columns, such as maps whose values
   * can be null, and to truncate times; empty if it lacks nothing.
   */
  static Optional<ObjectNode> ofProposal(YamlNode document, Schema columns) {
    return plain(document)
        .flatMap(
            read ->
                contract(ContractTree.withFields(read, columns))
                    .or(() -> Optional.of(read))
                    .map(Contract::truncateExcessPrecision)
                    .filter(meant -> !meant.equals(read))
                    .map(meant -> property(ContractTree.of(read), ContractTree.of(meant))));
  }

  /** Returns the contract that a document means, from what the rest of it means. */
  static Optional<Contract> applied(
      YamlNode document, Optional<Contract> read, ImportFindings findings) {
    JsonNode remainder = OdcsKeys.customProperty(document.json(), NAME);
    return remainder.has(CHANGES) ? changed(remainder.get(CHANGES), read, findings) : read;
  }

  /** An edit drops only what is at its place. */
  private static Optional<Contract> changed(
      JsonNode changes, Optional<Contract> read, ImportFindings findings) {
    ObjectNode tree = read.map(ContractTree::of).orElseGet(OdcsKeys::object);
    ObjectNode all = tree;
    int applied = 0;
    for (JsonNode change : changes) {
      ObjectNode next = TreeChanges.with(all, change);
      applied += next == null ? 0 : 1;
      all = next == null ? all : next;
    }
    Optional<Contract> contract = contract(all);
    if (contract.isEmpty()) {
      applied = 0;
      contract = read;
      for (JsonNode change : changes) {
        ObjectNode next = TreeChanges.with(tree, change);
        Optional<Contract> fit = next == null ? Optional.empty() : contract(next);
        if (next != null && fit.isPresent()) {
          applied++;
          tree = next;
          contract = fit;
        }
      }
    }
    report(applied, changes.size(), findings);
    return contract;
  }

  private static void report(int applied, int changes, ImportFindings findings) {
    if (applied == 0) {
      findings.preserved("customProperties", NAME + IGNORED);
    } else {
      String part = applied < changes ? ", but for what was edited since" : "";
      findings.mapped("customProperties", NAME + " completes the contract" + part);
    }
  }

  private static Optional<Contract> contract(ObjectNode tree) {
    try {
      return Optional.of(Contract.fromJson(tree.toString()));
    } catch (InvalidRequestException e) {
      return Optional.empty();
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
    List<YamlNode> retained = new ArrayList<>();
    for (YamlNode each : properties.items()) {
      if (!each.textOf("property").equals(NAME)) {
        retained.add(each);
      }
    }
    if (retained.size() == properties.items().size()) {
      return document;
    }
    return document.with(
        "customProperties",
        retained.isEmpty() ? null : YamlNode.list(retained, properties.place()));
  }
}

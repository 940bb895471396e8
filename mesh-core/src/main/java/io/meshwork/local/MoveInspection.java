package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Plan.Step;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the documents of a mesh that is to be moved: the steps, and what has no new name. */
final class MoveInspection {
  /** The account of the library itself, in documents that no principal wrote. */
  private static final String LIBRARY = "mesh";

  private final MoveMesh.Target target;
  private final AccountNames names;
  private final Set<String> roots = new TreeSet<>();
  private final List<Step> steps = new ArrayList<>();

  MoveInspection(MoveMesh.Target target, Map<String, String> accounts) {
    this.target = target;
    this.names = new AccountNames(accounts);
  }

  /** Reads the registry that the mesh is opened with. */
  void readDirectory(Registry directory) {
    read(directory, RegistryKeys.MESH);
  }

  /** Reads the registry of a catalog. */
  void readCatalog(Registry registry, String catalog, String account) {
    step("copy", "the catalog " + catalog, "to the account " + account);
    read(registry, PartitionCatalogs.governance(catalog));
  }

  private void read(Registry registry, String governance) {
    for (List<String> partitions : RegistryCopy.partitions(registry).values()) {
      for (String partition : partitions) {
        List<Document> documents = DocumentCopy.read(registry, partition);
        step(
            "copy",
            partition.equals(RegistryKeys.MESH) ? governance : partition,
            documents.size() + " documents");
        documents.forEach(this::inspect);
      }
    }
  }

  private void inspect(Document document) {
    String sort = document.key().sort();
    if (DocumentCopy.isLog(sort)) {
      return;
    }
    ObjectNode json = DocumentJson.parse(document);
    if (sort.startsWith(RegistryKeys.DOMAINS)) {
      for (JsonNode place : json.path("places")) {
        roots.add(place.path("root").asText());
      }
    } else if (sort.startsWith(RegistryKeys.TABLES)) {
      step("copy", document.key().toString(), "the table with its snapshots");
    }
    names.key(document.key());
    names.apply(sort, json);
  }

  /** Adds a step for each account that a document names. */
  void rename(Map<String, String> accounts) {
    accounts.forEach(
        (from, to) -> {
          if (names.original().contains(from)) {
            step("rename", from, "to " + to);
          }
        });
  }

  /** Adds a step. */
  void step(String verb, String subject, String detail) {
    steps.add(new Step(verb, subject, detail, ""));
  }

  List<Step> steps() {
    return steps;
  }

  /** Returns the accounts and places that prevent the move. */
  List<Finding> findings(Map<String, String> accounts, Map<String, String> places) {
    List<Finding> findings = new ArrayList<>();
    names.found().stream()
        .filter(account -> !account.equals(LIBRARY) && !target.isAccount(account))
        .forEach(account -> findings.add(unmapped(account)));
    accounts.entrySet().stream()
        .filter(each -> !each.getKey().equals(each.getValue()))
        .filter(each -> names.original().contains(each.getValue()))
        .forEach(each -> findings.add(nameTaken(each.getKey(), each.getValue())));
    roots.stream()
        .filter(root -> !places.containsKey(root))
        .forEach(root -> findings.add(withoutPlace(root)));
    return findings;
  }

  private Finding unmapped(String account) {
    return Finding.error(
        FindingCode.ACCOUNT_UNMAPPED,
        account,
        "Documents name this account, which does not exist in " + target.description() + ".",
        "Set its name there with account(\"" + account + "\", ..).");
  }

  private static Finding nameTaken(String account, String name) {
    return Finding.error(
        FindingCode.ACCOUNT_NAME_TAKEN,
        account,
        "Its new name is " + name + ", which documents have as the name of another account.",
        "Use another account: two accounts cannot become one, nor exchange their names.");
  }

  private static Finding withoutPlace(String root) {
    return Finding.error(
        FindingCode.PLACE_UNMAPPED,
        root,
        "A domain keeps data in this place, which has no new root.",
        "Set it with place(\"" + root + "\", ..).");
  }
}

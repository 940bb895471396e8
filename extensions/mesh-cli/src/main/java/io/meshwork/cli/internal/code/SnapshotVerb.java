package io.meshwork.cli.internal.code;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.code.DomainCode.GrantCode;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.file.ContractText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.DomainCard;
import io.meshwork.link.ResourceLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a domain as files, whose plan is empty. */
@Command(
    name = "snapshot",
    description = "Writes a domain as mesh.yaml and one file for each contract.")
public final class SnapshotVerb extends MeshVerb {
  @Parameters(paramLabel = "DOMAIN")
  private String domain;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "Where to write. Default: the current folder")
  private Path folder;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    DomainCard card = client.describeDomain(domain);
    CallerDomain.require(client, card.name());
    Map<String, Object> code = new LinkedHashMap<>();
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", card.name());
    put(described, "owner", card.owner());
    if (!card.steward().equals(card.owner())) {
      put(described, "steward", card.steward());
    }
    put(described, "description", card.description());
    code.put("format", 1);
    code.put("domain", described);
    code.put("tags", client.governance().tags(domain));
    List<String> files = new ArrayList<>(List.of("mesh.yaml"));
    List<GrantCode> grants = SharingDifference.codes(client);
    Map<String, Object> products = new LinkedHashMap<>();
    card.products()
        .forEach(
            health -> {
              ProductCard product = client.describe(health.product());
              ContractText contract = ContractText.of(product);
              String file = product.name().product() + contract.ending();
              write(file, contract.text());
              files.add(file);
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("contract", file);
              if (!product.owner().equals(card.owner())) {
                put(entry, "owner", product.owner());
              }
              entry.put("tags", ProductTags.own(client, product.name()));
              entry.put("open", product.isOpenToMesh());
              List<String> others = OtherColumns.of(product, grants);
              if (!others.isEmpty()) {
                entry.put("others", others);
              }
              products.put(product.name().product(), entry);
            });
    code.put("products", products);
    code.put("grants", entries(grants));
    code.put("links", links(client));
    write("mesh.yaml", CodeText.of(code));
    ObjectNode document = VerbAnswer.newDocument("written").put("domain", domain);
    ArrayNode written = document.putArray("files");
    files.forEach(file -> written.add(folder.resolve(file).toString()));
    return VerbAnswer.change(document, domain + " is written to " + folder + ".");
  }

  /** Leaves out a blank text, which a change refuses. */
  private static void put(Map<String, Object> entry, String key, String text) {
    if (!text.isBlank()) {
      entry.put(key, text);
    }
  }

  private static List<Map<String, Object>> entries(List<GrantCode> grants) {
    return grants.stream()
        .map(
            grant -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("on", grant.on());
              entry.put("to", List.of(grant.to()));
              if (!grant.columns().isEmpty()) {
                entry.put("columns", grant.columns());
              }
              if (!grant.except().isEmpty()) {
                entry.put("except", grant.except());
              }
              grant.rows().ifPresent(rows -> entry.put("rows", rows));
              grant.until().ifPresent(until -> entry.put("until", until.toString()));
              entry.put("because", grant.because());
              return entry;
            })
        .toList();
  }

  private static List<Map<String, Object>> links(MeshClient client) {
    List<Map<String, Object>> links = new ArrayList<>();
    for (ResourceLink link : SharingDifference.links(client)) {
      int dot = link.name().indexOf('.');
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("to", link.target());
      entry.put("database", dot < 0 ? link.name() : link.name().substring(0, dot));
      if (dot > 0) {
        entry.put("table", link.name().substring(dot + 1));
        if (link.following()) {
          entry.put("following", true);
        }
      }
      links.add(entry);
    }
    return links;
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw AtomicFile.unwritable(folder, e, "The domain was not written completely.");
    }
    AtomicFile.writeText(folder.resolve(name), text);
  }

  @Override
  protected String interruption() {
    return folder + " may have a part of the files. Run it again: it writes all.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}

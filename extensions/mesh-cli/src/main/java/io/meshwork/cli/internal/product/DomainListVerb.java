package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** Lists the domains, with the number of their products. */
@Command(name = "list", description = "Lists the domains with the number of their products.")
final class DomainListVerb extends MeshVerb {
  @Override
  protected VerbAnswer answer(MeshClient client) {
    SortedSet<String> names = new TreeSet<>();
    client.governance().topology().domains().values().forEach(names::addAll);
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode domains = document.putArray("domains");
    TextTable table = new TextTable("DOMAIN", "PRODUCTS");
    List<ProductName> all = client.products();
    for (String name : names) {
      long products = all.stream().map(ProductName::domain).filter(name::equals).count();
      domains.addObject().put("domain", name).put("products", products);
      table.row(name, products);
    }
    return VerbAnswer.question(document, table.lines("The mesh has no domains yet."));
  }
}

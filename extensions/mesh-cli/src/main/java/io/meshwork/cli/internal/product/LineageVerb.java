package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.Lineage;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a product derives from, and what derives from it. */
@Command(name = "lineage", description = "Shows what a product derives from, and what from it.")
public final class LineageVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--up",
      paramLabel = "STEPS",
      defaultValue = "3",
      description = "How many steps to what it derives from. Default: 3")
  private int up;

  @Option(
      names = "--down",
      paramLabel = "STEPS",
      defaultValue = "3",
      description = "How many steps to what derives from it. Default: 3")
  private int down;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Lineage lineage = client.lineage(product).upstream(up).downstream(down).graph();
    ObjectNode document = document(lineage);
    TextTable nodes = new TextTable("STEPS", "PRODUCT", "STATUS", "OWNER");
    for (Lineage.Node node : lineage.nodes()) {
      nodes.row(node.distance(), node.product(), StatusText.of(node.status()), node.owner());
    }
    TextTable edges = new TextTable("FROM", "TO", "COLUMNS");
    for (Lineage.Edge edge : lineage.edges()) {
      edges.row(edge.from(), edge.to(), columns(edge));
    }
    List<String> lines = new ArrayList<>(nodes.lines("No products."));
    lines.add("");
    lines.addAll(edges.lines("No publish states an input."));
    lines.add("");
    lines.addAll(unreachable(lineage.unreachable()));
    lines.add(Lineage.NOTICE);
    return VerbAnswer.question(document, lines);
  }

  private static ObjectNode document(Lineage lineage) {
    ObjectNode document = VerbAnswer.newDocument().put("product", lineage.product().toString());
    ArrayNode nodes = document.putArray("nodes");
    for (Lineage.Node node : lineage.nodes()) {
      nodes
          .addObject()
          .put("product", node.product().toString())
          .put("distance", node.distance())
          .put("status", node.status().name())
          .put("owner", node.owner())
          .put("classification", node.classification().name());
    }
    ArrayNode edges = document.putArray("edges");
    for (Lineage.Edge edge : lineage.edges()) {
      ArrayNode columns =
          edges
              .addObject()
              .put("from", edge.from().toString())
              .put("to", edge.to().toString())
              .putArray("columns");
      for (Lineage.ColumnEdge column : edge.columns()) {
        columns.addObject().put("from", column.from()).put("to", column.to());
      }
    }
    document.set("unreachable", JsonFields.array(lineage.unreachable()));
    return document.put("notice", Lineage.NOTICE);
  }

  /** Lines that name the catalogs that could not be read. */
  static List<String> unreachable(List<String> catalogs) {
    return catalogs.stream()
        .map(catalog -> "The catalog " + catalog + " could not be read.")
        .toList();
  }

  private static String columns(Lineage.Edge edge) {
    return String.join(
        ", ", edge.columns().stream().map(column -> column.from() + " → " + column.to()).toList());
  }
}

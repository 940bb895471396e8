package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes a product: what, who, schema, promise, now. */
@Command(
    name = "describe",
    description = "Shows what a product is, who owns it, its schema and promise, and its state.")
final class DescribeVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  VerbAnswer answer(MeshClient client, Mesh mesh) {
    ProductFacts facts = ProductFacts.read(client, product, shell().clock().instant());
    return VerbAnswer.question(
        ProductDocument.of(facts), ProductText.lines(facts, location().toString()));
  }
}

package io.meshwork.cli.internal.product;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes a product: what, who, schema, promise, now. */
@Command(
    name = "describe",
    description = "Shows what a product is, who owns it, its schema and promise, and its state.")
public final class DescribeVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client, Mesh mesh) {
    ProductFacts facts = ProductFacts.read(client, product, shell().clock().instant());
    return VerbAnswer.question(
        ProductDocument.of(facts), ProductText.lines(facts, location().toString()));
  }
}

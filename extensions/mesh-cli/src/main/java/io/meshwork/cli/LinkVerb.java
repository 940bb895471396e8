package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.link.LinkResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Links a product into the caller's catalog. */
@Command(name = "link", description = "Links a product, or a domain, into your own catalog.")
final class LinkVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT|DOMAIN")
  private String resource;

  @Option(names = "--into", paramLabel = "DATABASE")
  private @Nullable String database;

  @Option(names = "--table", paramLabel = "NAME", description = "Default: the product's")
  private @Nullable String table;

  @Option(names = "--following", description = "Moves to each new major version")
  private boolean following;

  @Mixin private PlanOptions planning;

  @Override
  VerbAnswer answer(MeshClient client) {
    LinkResource link = client.linkResource(resource);
    if (database != null) {
      link.into(database);
    }
    if (table != null) {
      link.as(table);
    }
    if (following) {
      link.followingRollouts();
    }
    return planning.answer(
        link,
        linked ->
            VerbAnswer.change(
                LinkDocument.put(VerbAnswer.newDocument("linked"), linked),
                resource + " is linked as " + linked.name() + ", " + linked.state() + "."));
  }

  @Override
  boolean isChange() {
    return true;
  }
}

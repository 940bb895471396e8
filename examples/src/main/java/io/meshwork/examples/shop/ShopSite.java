package io.meshwork.examples.shop;

import io.meshwork.portal.Portal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Writes the portal of the shop as one of its owners sees it, at a time that is always the same.
 */
final class ShopSite {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private ShopSite() {}

  /** Writes the mesh and the site into the folder of the argument, which is empty or new. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (ShopMesh shop = ShopMesh.in(folder.resolve("mesh"), NOW)) {
      shop.request();
      Portal.of(shop.acting("commerce", "etl")).writeTo(folder.resolve("site"));
    }
  }
}

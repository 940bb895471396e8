package io.meshwork.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of a mesh of which one catalog cannot be reached. */
class PortalOutageTest {
  @TempDir Path folder;

  @Test
  void theSiteIsWrittenForTheDomainsOfTheOtherCatalogs() throws IOException {
    for (String gone : SplitMesh.DOMAINS) {
      try (SplitMesh mesh = new SplitMesh()) {
        List<String> viewers =
            SplitMesh.DOMAINS.stream().filter(viewer -> !viewer.equals(gone)).toList();
        for (String viewer : viewers) {
          Portal.of(mesh.as(viewer)).writeTo(folder.resolve(gone).resolve(viewer));
        }
        mesh.takeAway(gone);
        for (String viewer : viewers) {
          Path site = folder.resolve(gone).resolve(viewer);
          Portal.of(mesh.as(viewer)).writeTo(site);

          for (String page : List.of("index", "usage", "requests", "rollouts")) {
            assertThat(page(site, page + ".html").select(".notice").text())
                .as("%s of %s without %s", page, viewer, gone)
                .contains("The catalog " + gone + " cannot be reached");
          }
          assertThat(site.resolve("domain/" + gone + ".html")).doesNotExist();
        }
      }
    }
  }

  @Test
  void noPageSaysThatThereIsNothingWhereACatalogIsMissing() throws IOException {
    try (SplitMesh mesh = new SplitMesh()) {
      mesh.takeAway("commerce");
      Portal.of(mesh.as("logistics")).writeTo(folder.resolve("site"));
    }
    Document stock = page(folder.resolve("site"), "product/logistics/stock.html");

    assertThat(stock.select(".notice").text()).contains("The catalog commerce cannot be reached");
    assertThat(stock.select(".lineage").text())
        .contains("Nothing in the catalogs that can be reached.")
        .doesNotContain("None that you may see.");
    assertThat(page(folder.resolve("site"), "requests.html").select("main").text())
        .contains("None in the catalogs that can be reached.")
        .doesNotContain("You act for no domain");
  }

  private static Document page(Path site, String path) throws IOException {
    return Jsoup.parse(site.resolve(path).toFile());
  }
}

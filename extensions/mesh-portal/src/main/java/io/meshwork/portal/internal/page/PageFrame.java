package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all pages have: title, navigation, and as whom and when the page was created.
 *
 * @param title the title, without the name of the site
 * @param root the relative path to the folder of the site, such as {@code ../../}
 * @param section the current entry of the navigation
 * @param viewer the account and role that the page was created for
 * @param at when, by the mesh's clock
 * @param document the name of the JSON document beside the page
 * @param unreachable the catalogs that cannot be reached; what they have is missing
 * @param forms the forms by which the viewer acts
 */
public record PageFrame(
    String title,
    String root,
    Section section,
    String viewer,
    Instant at,
    String document,
    List<String> unreachable,
    PageForms forms) {
  public PageFrame {
    unreachable = List.copyOf(unreachable);
  }

  /** The entries of the navigation. */
  public enum Section {
    PRODUCTS("Products", "index.html"),
    SEARCH("Search", "search.html"),
    MINE("For you", "mine.html"),
    MAP("Map", "map.html"),
    USAGE("Usage", "usage.html"),
    REQUESTS("Requests", "requests.html"),
    ROLLOUTS("Rollouts", "rollouts.html");

    private final String label;
    private final String page;

    Section(String label, String page) {
      this.label = label;
      this.page = page;
    }

    String label() {
      return label;
    }

    public String page() {
      return page;
    }
  }

  /** Returns what a block says that has nothing to show. */
  String none() {
    return unreachable.isEmpty() ? "None." : "None in the catalogs that can be reached.";
  }

  String style() {
    return PageAssets.STYLE;
  }

  String script() {
    return PageAssets.SCRIPT;
  }

  String policy() {
    return PageAssets.policy(forms.shown());
  }

  /** Returns when the page was created. */
  PageTime time() {
    return PageTime.of(at);
  }

  /** Returns {@code page} for the current entry of the navigation; null for others. */
  @Nullable String current(Section entry) {
    return entry == section ? "page" : null;
  }

  String link(ProductAddress product) {
    return root + product.page();
  }

  String link(String page) {
    return root + page;
  }
}

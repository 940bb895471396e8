package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.portal.internal.page.DomainPage;
import io.meshwork.portal.internal.page.IndexPage;
import io.meshwork.portal.internal.page.MapPage;
import io.meshwork.portal.internal.page.MinePage;
import io.meshwork.portal.internal.page.PageDocument;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.PageFrame;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.page.ProductPage;
import io.meshwork.portal.internal.page.RequestsPage;
import io.meshwork.portal.internal.page.RolloutsPage;
import io.meshwork.portal.internal.page.SearchPage;
import io.meshwork.portal.internal.page.UsagePage;
import io.meshwork.product.ProductName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the site by their paths, as one principal may see them. Not thread-safe. */
public final class SitePages {
  private static final Pattern DOMAIN = Pattern.compile("domain/([\\w.-]+)[.]html");
  private static final Pattern PRODUCT = Pattern.compile("product/([\\w.-]+)/([\\w.-]+)[.]html");

  private final PageTemplates templates;
  private final SiteReader site;
  private final OverviewReader overview;

  private SitePages(PageTemplates templates, SiteReader site) {
    this.templates = templates;
    this.site = site;
    this.overview = new OverviewReader(site);
  }

  /** Returns the pages of a site that is stored in a folder. */
  public static SitePages kept(MeshClient client) {
    return new SitePages(new PageTemplates(), new SiteReader(client, PageForms.NONE, true));
  }

  /** Returns the pages that a server creates for one request. */
  public static SitePages served(MeshClient client, PageTemplates templates, PageForms forms) {
    return new SitePages(templates, new SiteReader(client, forms, false));
  }

  /** Returns the paths of all pages, in order. */
  public List<String> pages() {
    return site.pages();
  }

  /** Returns the path of the document beside a page. */
  public static String document(String page) {
    return page.replaceFirst("html$", "json");
  }

  /** Returns the path of the page beside a document, or the path of a page itself. */
  public static String page(String path) {
    return path.replaceFirst("[.]json$", ".html");
  }

  /** True if a path has the form of a page or of a document, whether or not the site has it. */
  public static boolean isAddress(String path) {
    String page = page(path);
    return Stream.of(PageFrame.Section.values()).anyMatch(each -> each.page().equals(page))
        || DOMAIN.matcher(page).matches()
        || PRODUCT.matcher(page).matches();
  }

  /** Returns a page and the document beside it; empty if the site has no such page. */
  public Optional<PageFiles> find(String page) {
    return switch (page) {
      case "index.html" -> {
        IndexPage index = overview.index();
        yield Optional.of(files(templates.render(index), index));
      }
      case "search.html" -> {
        SearchPage search = overview.search();
        yield Optional.of(files(templates.render(search), search));
      }
      case "mine.html" -> {
        MinePage mine = new MineReader(site).page();
        yield Optional.of(files(templates.render(mine), mine));
      }
      case "map.html" -> {
        MapPage map = overview.map();
        yield Optional.of(files(templates.render(map), map));
      }
      case "usage.html" -> {
        UsagePage usage = overview.usage();
        yield Optional.of(files(templates.render(usage), usage));
      }
      case "requests.html" -> {
        RequestsPage requests = overview.requests();
        yield Optional.of(files(templates.render(requests), requests));
      }
      case "rollouts.html" -> {
        RolloutsPage rollouts = overview.rollouts();
        yield Optional.of(files(templates.render(rollouts), rollouts));
      }
      default -> findDomain(page).or(() -> findProduct(page));
    };
  }

  private Optional<PageFiles> findDomain(String page) {
    Matcher matcher = DOMAIN.matcher(page);
    if (!matcher.matches() || !site.hasDomain(matcher.group(1))) {
      return Optional.empty();
    }
    DomainPage domain = overview.domain(matcher.group(1));
    return Optional.of(files(templates.render(domain), domain));
  }

  private Optional<PageFiles> findProduct(String page) {
    Matcher matcher = PRODUCT.matcher(page);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<ProductName> siteProduct = site.find(matcher.group(1) + "/" + matcher.group(2));
    return siteProduct.map(
        product -> {
          ProductPage productPage = new ProductReader(site, product).page();
          return files(templates.render(productPage), productPage);
        });
  }

  private static PageFiles files(String html, Record page) {
    return new PageFiles(
        html.getBytes(StandardCharsets.UTF_8),
        PageDocument.of(page).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A page as a person and as a program reads it.
   *
   * @param html the page
   * @param json the document
   */
  public record PageFiles(byte[] html, byte[] json) {}
}

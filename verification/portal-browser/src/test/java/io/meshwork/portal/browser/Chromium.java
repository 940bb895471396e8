package io.meshwork.portal.browser;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, which keeps its console and all requests. */
final class Chromium implements AutoCloseable {
  private static final String AXE = resource("/axe.min.js");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path SCREENS = Path.of("target/screens");

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one; empty if this machine has no Chromium. */
  static Optional<Chromium> start() {
    Optional<File> browser = find("chromium");
    Optional<File> bridge = find("chromedriver");
    if (browser.isEmpty() || bridge.isEmpty()) {
      return Optional.empty();
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-color-profile=srgb");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(bridge.get()).build();
    return Optional.of(new Chromium(new ChromeDriver(service, options)));
  }

  private static Optional<File> find(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> new File(folder, program))
        .filter(File::canExecute)
        .findFirst();
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Shows pages in a color scheme and a medium, in a window of a size. */
  void emulate(String scheme, String media, int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Finds an element of the page that follows a sent form, as soon as the page is there. */
  WebElement await(By place) {
    driver.manage().timeouts().implicitlyWait(PATIENCE);
    try {
      return driver.findElement(place);
    } finally {
      driver.manage().timeouts().implicitlyWait(Duration.ZERO);
    }
  }

  void setScript(boolean enabled) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !enabled));
  }

  void open(String address) {
    driver.manage().logs().get(LogType.BROWSER);
    driver.manage().logs().get(LogType.PERFORMANCE);
    driver.get(address);
  }

  /** Returns what the page wrote to the console since it was opened. */
  List<String> console() {
    List<String> lines = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      lines.add(entry.getMessage());
    }
    return lines;
  }

  /** Returns the events of requests since the page was opened. */
  List<String> requests() {
    List<String> events = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      if (entry.getMessage().contains("\"Network.requestWillBeSent\"")) {
        events.add(
            entry.getMessage().replaceFirst(".*\"request\":.*?\"url\":\"([^\"]*)\".*", "$1"));
      }
    }
    return events;
  }

  /** Gives the page axe, once for all colors and sizes in which it is shown. */
  void loadAxe() {
    driver.executeScript(AXE);
  }

  /** Returns the violations of WCAG 2.2 AA that axe finds, each with its first element. */
  @SuppressWarnings("unchecked")
  List<String> violations() {
    return (List<String>)
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa',"
                + " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes:"
                + " ['violations']}).then(r =>"
                + " done(r.violations.map(v => v.id + ': ' + v.nodes[0].html + ' '"
                + " + v.nodes[0].failureSummary)));");
  }

  Object script(String text) {
    return driver.executeScript(text);
  }

  /**
   * Keeps the page as a picture below target/screens: as long as the page, at most 4,000 pixels.
   */
  void keepScreen(String name, int width, int height) throws IOException {
    Files.createDirectories(SCREENS);
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    Files.write(
        SCREENS.resolve(name + ".png"),
        Base64.getDecoder().decode(driver.getScreenshotAs(OutputType.BASE64)));
  }

  private static String resource(String name) {
    try (InputStream in = Chromium.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}

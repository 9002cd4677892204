using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>A real browser: the one HVD_CHROMIUM points at, or /usr/bin/chromium.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <summary>Without a browser the test is skipped, but fails where CI=true: nothing may be left out there unseen.</summary>
    public static async Task<Chromium> StartAsync()
    {
        string path = Environment.GetEnvironmentVariable("HVD_CHROMIUM") is { Length: > 0 } set ? set : DefaultPath();

        if (!File.Exists(path))
        {
            string reason = $"No browser at {path}: install Chromium or set HVD_CHROMIUM to the path of its executable.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }

        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = SandboxArguments() }));
    }

    private static string DefaultPath() => OperatingSystem.IsWindows()
        ? @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
        : "/usr/bin/chromium";

    // Chromium refuses to start its sandbox as root, which is what most containers run as.
    private static string[] SandboxArguments() => OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : [];

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}

using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(HyperVDash.EndToEnd.Tests.Chromium))]

namespace HyperVDash.EndToEnd.Tests;

/// <summary>One real browser for all tests: the one HVD_CHROMIUM points at, or /usr/bin/chromium. Each test opens a context of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A fresh page that shares nothing with another test. Without a browser the test is skipped, but fails where CI=true: nothing may be left out there unseen.</summary>
    public async Task<IPage> NewPageAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        string path = Environment.GetEnvironmentVariable("HVD_CHROMIUM") is { Length: > 0 } set ? set : DefaultPath();
        if (!File.Exists(path))
        {
            string reason = $"No browser at {path}: install Chromium or set HVD_CHROMIUM to the path of its executable.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }

        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = SandboxArguments() });
        }
        finally
        {
            _starting.Release();
        }

        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private static string DefaultPath() => OperatingSystem.IsWindows()
        ? @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
        : "/usr/bin/chromium";

    // Chromium refuses to start its sandbox as root, which is what most containers run as.
    private static string[] SandboxArguments() => OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : [];
}

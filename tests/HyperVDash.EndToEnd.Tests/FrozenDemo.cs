[assembly: AssemblyFixture(typeof(HyperVDash.EndToEnd.Tests.FrozenDemo))]

namespace HyperVDash.EndToEnd.Tests;

/// <summary>One dashboard over the frozen demo lab, for all tests that only look.</summary>
public sealed class FrozenDemo : IAsyncLifetime
{
    private Dashboard? _dashboard;

    internal Dashboard Dashboard => _dashboard!;

    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        _dashboard = await Dashboard.StartAsync(stop, ("Web__DemoFrozen", "true"));
        await _dashboard.UntilReadAsync(stop);
    }

    public ValueTask DisposeAsync() => _dashboard?.DisposeAsync() ?? ValueTask.CompletedTask;
}

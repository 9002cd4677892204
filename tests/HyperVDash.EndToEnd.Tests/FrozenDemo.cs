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

        // Clusters are compared a moment after their nodes were read, and a finding of them needs two looks.
        await _dashboard.UntilAsync(async () => (await _dashboard.GetAsync("api/findings", stop)).EnumerateArray().Any(f => f.GetProperty("ruleId").GetString() == "HVD201"), stop);
    }

    public ValueTask DisposeAsync() => _dashboard?.DisposeAsync() ?? ValueTask.CompletedTask;
}

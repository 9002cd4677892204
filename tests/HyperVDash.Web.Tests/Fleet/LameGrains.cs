using System.Reflection;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>Grains of a silo, but no source can leave a host.</summary>
public class LameGrains : DispatchProxy
{
    private IGrainFactory _grains = null!;
    private int _failed;

    /// <summary>How often one could not.</summary>
    public int Failed => _failed;

    public static IGrainFactory Over(IGrainFactory grains)
    {
        var lame = Create<IGrainFactory, LameGrains>();
        Of(lame)._grains = grains;
        return lame;
    }

    public static LameGrains Of(IGrainFactory lame) => (LameGrains)lame;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(_grains, args) is IHostGrain host ? new LameHost(this, host) : null;

    private sealed class LameHost(LameGrains lame, IHostGrain host) : IHostGrain
    {
        public Task Apply(string source, HostReading reading) => host.Apply(source, reading);

        public Task Reexamine() => host.Reexamine();

        public Task Leave(string source)
        {
            Interlocked.Increment(ref lame._failed);
            throw new InvalidOperationException("The grain cannot be reached.");
        }
    }
}

namespace HyperVDash.Lab;

/// <summary>Starts the lab's command line.</summary>
public static class Lab
{
    public static Task<int> Main(string[] args) => Task.FromResult(args.Length);
}
